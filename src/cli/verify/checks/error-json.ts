import { errorProblems } from '../error-shape.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const errorJson: VerifyCheck = {
  id: 'error-json',
  group: 'errors',
  kind: 'protocol',
  title: { en: 'A body that is no JSON is a 400 in the right shape', zh: '非 JSON 请求体返回格式正确的 400' },
  meaning: { en: 'Clients show "undefined" instead of the reason.', zh: '客户端显示 undefined 而不是原因。' },
  requests: 1,
  async run(probe) {
    return verdictOf(errorProblems(await probe.post('{"model": ', '/v1/chat/completions'), [400]));
  },
};
