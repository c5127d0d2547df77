import { refusal } from '../chat-stream.ts';
import { at, shown } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, skipped, type VerifyCheck } from '../verify-check.ts';

export const thinkingOff: VerifyCheck = {
  id: 'thinking-off',
  group: 'parameters',
  kind: 'protocol',
  title: { en: 'Thinking can be switched off', zh: '可以关闭思考' },
  meaning: {
    en: 'Every short question costs the time and the tokens of a long thought.',
    zh: '每个简短问题都要付出长时间思考的时间与费用。',
  },
  requests: 1,
  async run(probe) {
    if (probe.facts?.thinking !== 'toggle')
      return skipped({ en: 'this model has no such switch', zh: '该模型没有此开关' });
    const answer = await probe.chat(asking('Say hello.', { thinking: { type: 'disabled' } }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const reasoning = at(answer.json, 'choices', 0, 'message', 'reasoning_content');
    return reasoning === undefined || reasoning === null || reasoning === ''
      ? CONFORMS
      : differs({ en: `it thought: ${shown(reasoning)}`, zh: `仍在思考：${shown(reasoning)}` });
  },
};
