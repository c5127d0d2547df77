import { refusal } from '../chat-stream.ts';
import { at, listAt, textAt } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const responsesAnswer: VerifyCheck = {
  id: 'responses-answer',
  group: 'responses',
  kind: 'protocol',
  title: { en: 'A response has its shape', zh: 'Responses 回答格式正确' },
  meaning: { en: 'Codex and other clients of that protocol do not work.', zh: 'Codex 等该协议的客户端无法使用。' },
  uses: ['responses'],
  async run(probe) {
    const answer = await probe.shared('responses');
    const verdict = missingFace(answer);
    if (verdict) return verdict;
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const { json } = answer;
    const message = listAt(json, 'output').find((item) => at(item, 'type') === 'message');
    const text = listAt(message, 'content')
      .map((part) => textAt(part, 'text'))
      .join('');
    return verdictOf([
      ...(at(json, 'object') === 'response' ? [] : [unlike('object', at(json, 'object'))]),
      ...(at(json, 'status') === 'completed' ? [] : [unlike('status', at(json, 'status'))]),
      ...(text.includes(SENTENCE) ? [] : [unlike(TEXT, text)]),
      ...(Number.isInteger(at(json, 'usage', 'input_tokens')) ? [] : [unlike('usage', at(json, 'usage'))]),
    ]);
  },
};
