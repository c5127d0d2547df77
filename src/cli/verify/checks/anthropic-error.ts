import { at, shown } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { CONFORMS, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const anthropicError: VerifyCheck = {
  id: 'anthropic-error',
  group: 'anthropic',
  kind: 'protocol',
  title: { en: 'A failure is told in that protocol’s shape', zh: '以该协议的格式返回错误' },
  meaning: { en: 'Clients show "undefined" instead of the reason.', zh: '客户端显示 undefined 而不是原因。' },
  uses: ['messages'],
  requests: 1,
  async run(probe) {
    const verdict = missingFace(await probe.shared('messages'));
    if (verdict) return verdict;
    const { status, json } = await probe.post({ max_tokens: 16 }, '/v1/messages');
    if (status === 400 && at(json, 'type') === 'error' && typeof at(json, 'error', 'message') === 'string')
      return CONFORMS;
    return verdictOf([{ en: `HTTP ${status} with ${shown(json)}`, zh: `HTTP ${status}，内容 ${shown(json)}` }]);
  },
};
