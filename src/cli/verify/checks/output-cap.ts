import { refusal } from '../chat-stream.ts';
import { at, shown } from '../json-at.ts';
import { user } from '../shared-exchanges.ts';
import { differs, skipped, type VerifyCheck, verdictOf } from '../verify-check.ts';

const CAP = 8;

export const outputCap: VerifyCheck = {
  id: 'output-cap',
  group: 'parameters',
  kind: 'protocol',
  title: { en: 'The cap on the answer holds, and is told', zh: '输出上限生效并如实说明' },
  meaning: {
    en: 'Answers cost more than was allowed, or cut ones look whole.',
    zh: '回答超出允许的费用，或被截断却显示为完整。',
  },
  requests: 1,
  async run(probe) {
    if (probe.facts?.thinking !== 'toggle') {
      return skipped({ en: 'a cap this small is used up by thinking', zh: '如此小的上限会被思考耗尽' });
    }
    const body = {
      messages: user('Write a long story about the sea.'),
      thinking: { type: 'disabled' },
      max_tokens: CAP,
    };
    const answer = await probe.chat(body);
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const used = at(answer.json, 'usage', 'completion_tokens');
    const reason = at(answer.json, 'choices', 0, 'finish_reason');
    return verdictOf([
      ...(typeof used === 'number' && used <= CAP
        ? []
        : [{ en: `${shown(used)} tokens with a cap of ${CAP}`, zh: `${shown(used)} 个 token，上限为 ${CAP}` }]),
      ...(reason === 'length'
        ? []
        : [
            {
              en: `finish_reason is ${shown(reason)}, expected "length"`,
              zh: `finish_reason 为 ${shown(reason)}，应为 "length"`,
            },
          ]),
    ]);
  },
};
