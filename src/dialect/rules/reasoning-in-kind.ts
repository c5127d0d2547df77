import type { ChatMessage } from '../../chat/chat.ts';
import { counted, mapMessages } from '../history/map-messages.ts';
import { firstKnown } from '../reasoning/first-known.ts';
import { foreignThoughts, textOfThoughts } from '../reasoning/foreign-thoughts.ts';
import type { AnswerRepair, Rule } from '../rule.ts';

/** The thoughts also under Kimi's name, which is the one that clients of the gateway know. */
function named<M extends ChatMessage>(message: M): M {
  if (typeof message.reasoning_content === 'string') return message;
  const found = foreignThoughts(message);
  const text = found === undefined ? '' : textOfThoughts(found.value);
  return text === '' ? message : { ...message, reasoning_content: text };
}

const ALSO_BY_OUR_NAME: AnswerRepair = {
  needles: ['"reasoning":"', '"reasoning_details":[', '"reasoning_text":"'],
  chunk(chunk) {
    const choices = chunk.choices?.map((choice) => {
      const delta = choice.delta && named(choice.delta);
      return delta === choice.delta || delta === undefined ? choice : { ...choice, delta };
    });
    const isSame = choices === undefined || choices.every((choice, index) => choice === chunk.choices?.[index]);
    return isSame ? chunk : { ...chunk, choices };
  },
  completion(completion) {
    const choices = completion.choices?.map((choice) => {
      const message = choice.message && named(choice.message);
      return message === choice.message || message === undefined ? choice : { ...choice, message };
    });
    const isSame = choices === undefined || choices.every((choice, index) => choice === completion.choices?.[index]);
    return isSame ? completion : { ...completion, choices };
  },
};

export const reasoningInKind: Rule = {
  id: 'reasoning-in-kind',
  title: { en: 'Other hosts have other names for thoughts', zh: '其他主机的思考字段名' },
  why: "Hosts of Kimi's models other than Moonshot send thoughts as `reasoning` or `reasoning_details`. Clients get them as `reasoning_content` besides, and in the next turn of a tool loop the host gets back under its own name what it had sent, from the gateway's memory.",
  source: 'MoonshotAI/kimi-code kosong reasoning-key.ts; OpenRouter API reference, reasoning tokens',
  seen: '2026-08-22',
  when: ({ surface }) => surface === 'compatible',
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, calls, foreignReasoning }) =>
        role === 'assistant' && calls !== undefined && calls.length > 0 && !foreignReasoning,
    },
    apply(request, { note, reasoning }) {
      let count = 0;
      const result = mapMessages(request, (message) => {
        const { role, tool_calls: calls } = message;
        if (role !== 'assistant' || !Array.isArray(calls) || foreignThoughts(message)) return message;
        const foreign = firstKnown(calls, reasoning, ({ memory, owner }, key) => memory.recallForeign(owner, key));
        if (foreign === undefined) return message;
        count++;
        const { reasoning_content: _, ...rest } = message;
        return { ...rest, [foreign.key]: JSON.parse(foreign.json) };
      });
      if (count > 0) note(`thoughts of ${counted(count, 'message')} given back as the host names them`);
      return result;
    },
  },
  answer: () => ALSO_BY_OUR_NAME,
};
