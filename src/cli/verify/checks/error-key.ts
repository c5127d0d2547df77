import { errorProblems } from '../error-shape.ts';
import { asking } from '../shared-exchanges.ts';
import { skipped, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const errorKey: VerifyCheck = {
  id: 'error-key',
  group: 'errors',
  kind: 'protocol',
  title: { en: 'A wrong key is a 401', zh: '错误的密钥返回 401' },
  meaning: {
    en: 'Anybody can spend the money, or a mistyped key is retried for ever.',
    zh: '任何人都能花钱，或写错的密钥被无限重试。',
  },
  requests: 1,
  async run(probe) {
    if (!probe.hasStranger) return skipped({ en: 'no key is needed here', zh: '此处不需要密钥' });
    return verdictOf(errorProblems(await probe.asStranger(asking('Hi')), [401]));
  },
};
