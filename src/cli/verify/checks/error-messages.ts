import { errorProblems } from '../error-shape.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const errorMessages: VerifyCheck = {
  id: 'error-messages',
  group: 'errors',
  kind: 'protocol',
  title: { en: 'A request without messages is a 400', zh: '没有 messages 的请求返回 400' },
  meaning: {
    en: 'Mistakes of the caller look like failures of the service and are retried.',
    zh: '调用方的错误会像服务故障，从而被重试。',
  },
  requests: 1,
  async run(probe) {
    return verdictOf(errorProblems(await probe.chat({}), [400, 422]));
  },
};
