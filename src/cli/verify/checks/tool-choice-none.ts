import { refusal } from '../chat-stream.ts';
import { at, listAt, shown } from '../json-at.ts';
import { asking, CALL_WEATHER, WEATHER } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const toolChoiceNone: VerifyCheck = {
  id: 'tool-choice-none',
  group: 'tools',
  kind: 'protocol',
  title: { en: '`tool_choice: "none"` calls no tool', zh: 'tool_choice: "none" 不调用工具' },
  meaning: {
    en: 'A program that wants text gets a call that it does not handle.',
    zh: '需要文本的程序会得到它不处理的调用。',
  },
  requests: 1,
  async run(probe) {
    const answer = await probe.chat(asking(CALL_WEATHER, { tools: [WEATHER], tool_choice: 'none' }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const calls = listAt(answer.json, 'choices', 0, 'message', 'tool_calls');
    return calls.length === 0
      ? CONFORMS
      : differs({
          en: `called ${shown(at(calls[0], 'function', 'name'))}`,
          zh: `调用了 ${shown(at(calls[0], 'function', 'name'))}`,
        });
  },
};
