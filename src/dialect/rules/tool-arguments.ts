import type { ChatMessage, ToolCall } from '../../chat/chat.ts';
import { isJsonObjectText } from '../../chat/escaped-json.ts';
import { isPart } from '../history/content-part.ts';
import { counted, mapMessages } from '../history/map-messages.ts';
import { mergeContents } from '../history/merge-contents.ts';
import { repairArguments } from '../history/repair-arguments.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/** The same call if its arguments are the text of an object. Texts that are given up are put into `lost`, by id. */
function repaired(call: ToolCall, lost: Map<string, string>): ToolCall {
  const before: unknown = call.function?.arguments;
  if (typeof before === 'string' && isJsonObjectText(before)) return call;
  const text = textOf(before);
  const after = repairArguments(text);
  if (after === undefined && call.id) lost.set(call.id, text);
  return { ...call, function: { ...functionOf(call), arguments: after ?? '{}' } };
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function functionOf(call: ToolCall): Readonly<Record<string, unknown>> {
  return isPart(call.function) ? call.function : {};
}

/** The model reads in the result what it had written. */
function withLostText(message: ChatMessage, lost: ReadonlyMap<string, string>): ChatMessage {
  const text = message.role === 'tool' && message.tool_call_id ? lost.get(message.tool_call_id) : undefined;
  if (text === undefined) return message;
  const head = `The arguments of this call were not valid JSON: ${text}`;
  return { ...message, content: mergeContents([head, message.content]) };
}

export const toolArguments: Rule = {
  id: 'tool-arguments',
  title: { en: 'Arguments are JSON', zh: '工具参数须为有效 JSON' },
  why: 'A model sometimes writes arguments that are not JSON; once they are in the history every further request is a 400. What can be understood (raw line breaks, text serialized twice, nothing at all) is repaired; else the call gets `{}` and its result begins with the text that was lost.',
  source: 'MoonshotAI/kimi-cli #1378, #2165; sinameraji/kimiflare PR 52',
  seen: '2026-08-22',
  when: isKimiApi,
  refusal: /arguments.* (?:is|are) not (?:a )?valid JSON|invalid (?:function|tool call) arguments/i,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, calls }) => role === 'assistant' && calls?.some(({ sound }) => !sound) === true,
    },
    apply(request, { note }) {
      const lost = new Map<string, string>();
      let count = 0;
      const result = mapMessages(request, (message) => {
        if (message.role !== 'assistant' || !Array.isArray(message.tool_calls)) return withLostText(message, lost);
        const calls: readonly ToolCall[] = message.tool_calls;
        const after = calls.map((call) => repaired(call, lost));
        const changed = after.filter((call, index) => call !== calls[index]).length;
        count += changed;
        return changed === 0 ? message : { ...message, tool_calls: after };
      });
      if (count > 0) note(`arguments of ${counted(count, 'tool call')} made valid JSON`);
      return result;
    },
  },
};
