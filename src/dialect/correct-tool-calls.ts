import type { ChatCompletion, ChatMessage, ToolCall } from '../chat/chat.ts';
import type { AnswerRetry } from './rule.ts';
import type { CallProblem, DeclaredSchemas } from './tool-arguments/declared-schemas.ts';
import { isJsonObject } from './tool-arguments/repair-arguments.ts';

const LIMIT = 1;
/** A stream with more text than this before any call is an answer in words: it is no longer held back. */
const WORDS_BEFORE_CALLS = 400;
const MAX_TOLD = 4_000;

/** A demand that every call of the answer fits its declaration. Purely of plain objects: the pipeline sends. */
export function askForValidCalls(schemas: () => DeclaredSchemas, stream: boolean): AnswerRetry {
  let words = 0;
  let calls = false;
  const isFine = (completion: ChatCompletion) => schemas().problems(callsOf(completion), stream).length === 0;
  return {
    rule: 'tool-validation',
    limit: LIMIT,
    isMet(chunk, whole) {
      for (const { delta, finish_reason: reason } of chunk.choices ?? []) {
        if (typeof delta?.content === 'string') words += delta.content.length;
        if (delta?.tool_calls) calls = true;
        if (reason) return isFine(whole());
      }
      return !calls && words > WORDS_BEFORE_CALLS;
    },
    again: (completion) => followUp(completion, schemas().problems(callsOf(completion), stream)),
  };
}

function callsOf({ choices = [] }: ChatCompletion): readonly ToolCall[] {
  return choices.flatMap(({ message }) => message?.tool_calls ?? []);
}

/** The calls and what is wrong with them, in the shape in which a history tells of calls that failed. */
function followUp(completion: ChatCompletion, found: readonly CallProblem[]): readonly ChatMessage[] | undefined {
  const [first] = completion.choices ?? [];
  // An answer that was cut off would be so again.
  if (found.length === 0 || first?.message === undefined || first.finish_reason === 'length') return undefined;
  const { content, reasoning_content: thoughts } = first.message;
  const calls = (first.message.tool_calls ?? []).filter(({ function: target }) => target?.name !== undefined);
  if (calls.length === 0) return undefined;
  const said = typeof content === 'string' && content.trim() !== '' ? { content } : {};
  return [
    {
      role: 'assistant',
      ...said,
      reasoning_content: typeof thoughts === 'string' ? thoughts : '',
      tool_calls: calls.map(readable),
    },
    ...calls.map((call, index) => ({
      role: 'tool',
      tool_call_id: call.id ?? String(index),
      content: verdict(call, found.find((one) => one.call === call)?.problems),
    })),
  ];
}

/** Kimi refuses a history whose arguments are not JSON. */
function readable(call: ToolCall, index: number): ToolCall {
  const text = call.function?.arguments ?? '';
  const safe = isJsonObject(text) ? text : '{}';
  return { id: call.id ?? String(index), type: 'function', function: { ...call.function, arguments: safe } };
}

function verdict(call: ToolCall, problems: readonly string[] | undefined): string {
  if (problems === undefined) return 'Not carried out, because another call beside it was not valid. Make it again.';
  const text = call.function?.arguments ?? '';
  const written = isJsonObject(text) ? '' : ` You wrote: ${text.slice(0, MAX_TOLD)}`;
  return `Not carried out, the arguments do not fit the declaration of the tool. ${problems.join(' ')} Make the call again with arguments that fit.${written}`;
}
