import { errorProblems } from '../error-shape.ts';
import { asking } from '../shared-exchanges.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const modelUnknown: VerifyCheck = {
  id: 'model-unknown',
  group: 'models',
  kind: 'protocol',
  title: { en: 'An unknown model is a 404 with its reason', zh: '未知模型返回带原因的 404' },
  meaning: {
    en: 'A wrong model name looks like a broken service, and clients retry in vain.',
    zh: '模型名写错会像服务故障，客户端会徒劳重试。',
  },
  requests: 1,
  async run(probe) {
    const answer = await probe.chat({ ...asking('Hi'), model: 'moongate-verify-no-such-model' });
    return verdictOf(errorProblems(answer, [404, 400]));
  },
};
