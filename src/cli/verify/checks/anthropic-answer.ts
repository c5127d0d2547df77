import { refusal } from '../chat-stream.ts';
import { at, listAt, textAt } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const anthropicAnswer: VerifyCheck = {
  id: 'anthropic-answer',
  group: 'anthropic',
  kind: 'protocol',
  title: { en: 'A message has its shape', zh: 'Anthropic 消息格式正确' },
  meaning: {
    en: 'Claude Code and other clients of that protocol do not work.',
    zh: 'Claude Code 等该协议的客户端无法使用。',
  },
  uses: ['messages'],
  async run(probe) {
    const answer = await probe.shared('messages');
    const verdict = missingFace(answer);
    if (verdict) return verdict;
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const { json } = answer;
    const text = listAt(json, 'content')
      .map((block) => textAt(block, 'text'))
      .join('');
    const counts = ['input_tokens', 'output_tokens'].map((name) => at(json, 'usage', name));
    return verdictOf([
      ...(at(json, 'type') === 'message' ? [] : [unlike('type', at(json, 'type'))]),
      ...(at(json, 'role') === 'assistant' ? [] : [unlike('role', at(json, 'role'))]),
      ...(at(json, 'stop_reason') === 'end_turn' ? [] : [unlike('stop_reason', at(json, 'stop_reason'))]),
      ...(text.includes(SENTENCE) ? [] : [unlike(TEXT, text)]),
      ...(counts.every((count) => Number.isInteger(count)) ? [] : [unlike('usage', at(json, 'usage'))]),
    ]);
  },
};
