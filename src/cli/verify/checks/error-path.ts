import { errorProblems } from '../error-shape.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const errorPath: VerifyCheck = {
  id: 'error-path',
  group: 'errors',
  kind: 'protocol',
  title: { en: 'A path that is not there is a 404 in the right shape', zh: '不存在的路径返回格式正确的 404' },
  meaning: {
    en: 'A wrong base URL shows a page of HTML or an empty message.',
    zh: '错误的 base URL 会显示一页 HTML 或空消息。',
  },
  requests: 1,
  async run(probe) {
    return verdictOf(errorProblems(await probe.get('/v1/moongate-verify-no-such-path'), [404]));
  },
};
