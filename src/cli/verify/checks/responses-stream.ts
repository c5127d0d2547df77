import { refusal } from '../chat-stream.ts';
import { at, shown, textAt } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const responsesStream: VerifyCheck = {
  id: 'responses-stream',
  group: 'responses',
  kind: 'protocol',
  title: { en: 'The events of a response come in their order', zh: 'Responses 事件顺序正确' },
  meaning: {
    en: 'Codex reports "stream disconnected before completion".',
    zh: 'Codex 会报告 stream disconnected before completion。',
  },
  uses: ['responsesStream'],
  async run(probe) {
    const stream = await probe.shared('responsesStream');
    const verdict = missingFace(stream);
    if (verdict) return verdict;
    const refused = refusal(stream);
    if (refused) return differs(refused);
    const events = stream.events.filter(({ data }) => data !== '[DONE]').map(({ json }) => json);
    const types = events.map((event) => at(event, 'type'));
    const numbers = events.map((event) => at(event, 'sequence_number'));
    const text = events
      .filter((event) => at(event, 'type') === 'response.output_text.delta')
      .map((event) => textAt(event, 'delta'))
      .join('');
    const isAscending = numbers.every((number, index) => index === 0 || Number(number) > Number(numbers[index - 1]));
    return verdictOf([
      ...(types[0] === 'response.created'
        ? []
        : [{ en: `it begins with ${shown(types[0])}`, zh: `以 ${shown(types[0])} 开始` }]),
      ...(types.at(-1) === 'response.completed'
        ? []
        : [{ en: `it ends with ${shown(types.at(-1))}`, zh: `以 ${shown(types.at(-1))} 结束` }]),
      ...(isAscending ? [] : [{ en: 'the sequence numbers do not ascend', zh: '序号没有递增' }]),
      ...(text.includes(SENTENCE) ? [] : [unlike(TEXT, text)]),
    ]);
  },
};
