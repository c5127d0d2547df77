import type { ChatCompletion, ChunkChoice, ToolCall } from '../../chat/chat.ts';
import type { AnswerRepair, Rule } from '../rule.ts';
import { isJsonObject, missingEnd, repairArguments } from '../tool-arguments/repair-arguments.ts';

/** Arguments longer than this are not watched. */
const MAX_WATCHED = 200_000;

function repairCall(call: ToolCall): ToolCall {
  const text = call.function?.arguments;
  const repaired = typeof text === 'string' ? repairArguments(text) : undefined;
  return repaired?.repaired ? { ...call, function: { ...call.function, arguments: repaired.text } } : call;
}

function repairWhole(completion: ChatCompletion): ChatCompletion {
  const choices = completion.choices?.map((choice) => {
    const calls = choice.message?.tool_calls;
    // Arguments that ran into the cap are half of a call, not a call with a slip.
    if (!Array.isArray(calls) || choice.finish_reason === 'length') return choice;
    const repaired = calls.map(repairCall);
    const isSame = repaired.every((call, index) => call === calls[index]);
    return isSame ? choice : { ...choice, message: { ...choice.message, tool_calls: repaired } };
  });
  const isSame = choices === undefined || choices.every((choice, index) => choice === completion.choices?.[index]);
  return isSame ? completion : { ...completion, choices };
}

/** Reads along and changes nothing until the end, where what is missing can still be added. */
function completeAtEnd(): AnswerRepair {
  const texts = new Map<string, { readonly index: number; text: string }>();
  const watch = (choice: ChunkChoice) => {
    for (const call of choice.delta?.tool_calls ?? []) {
      const index = call.index ?? 0;
      const key = `${choice.index ?? 0}:${index}`;
      const known = texts.get(key) ?? { index, text: '' };
      texts.set(key, known);
      if (known.text.length <= MAX_WATCHED) known.text += call.function?.arguments ?? '';
    }
  };
  const endings = (choice: ChunkChoice): ToolCall[] =>
    [...texts].flatMap(([key, { index, text }]) => {
      const isOther = !key.startsWith(`${choice.index ?? 0}:`);
      if (isOther || text.length > MAX_WATCHED || isJsonObject(text)) return [];
      const ending = text.trim() === '' ? '{}' : missingEnd(text);
      return ending === undefined ? [] : [{ index, function: { arguments: ending } }];
    });
  return {
    needles: ['"arguments":"', '"finish_reason":"tool_calls"'],
    chunk(chunk) {
      let changed = false;
      const choices = chunk.choices?.map((choice) => {
        watch(choice);
        const missing = choice.finish_reason === 'tool_calls' ? endings(choice) : [];
        if (missing.length === 0) return choice;
        changed = true;
        return { ...choice, delta: { ...choice.delta, tool_calls: [...(choice.delta?.tool_calls ?? []), ...missing] } };
      });
      return changed && choices ? { ...chunk, choices } : chunk;
    },
  };
}

const WHOLE: AnswerRepair = { needles: ['"tool_calls":'], completion: repairWhole };

export const answerArguments: Rule = {
  id: 'answer-arguments',
  title: { en: 'Arguments of tool calls are JSON', zh: '工具调用的参数是合法 JSON' },
  why: 'Models slip: trailing commas, single quotes, bare line breaks, code fences, a missing brace. Clients fail on such arguments, and once they are in the history Kimi answers 400 to every further turn. Whole answers are put right; in a stream the pieces pass as they come, and what can be put right by adding, a missing end or empty arguments, is added to the closing chunk. Arguments cut off by the token cap are left as they are.',
  source: 'MoonshotAI/kimi-cli #1378, #2165; sinameraji/kimiflare PR 52',
  seen: '2026-08-22',
  when: () => true,
  // Without tools there are no calls.
  answer: ({ stream, tools }) => (tools ? (stream ? completeAtEnd() : WHOLE) : undefined),
};
