import type { CallOutline, MessageOutline } from '../../chat/message-outline.ts';
import { counted } from '../history/map-messages.ts';
import { type PairingNotes, pairResults } from '../history/pair-results.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/** Whether each call has a non-empty id of its own and is answered once, in the tool messages right behind it. */
function isPaired(messages: readonly MessageOutline[]): boolean {
  const seen = new Set<string>();
  let calls: readonly CallOutline[] = [];
  /** One bit for each call that waits for its result. */
  let open = 0;
  for (const { role, calls: made, toolCallId } of messages) {
    if (role === 'tool') {
      const index = toolCallId === undefined ? -1 : calls.findIndex(({ id }) => id === toolCallId);
      if (index === -1 || (open & (1 << index)) === 0) return false;
      open &= ~(1 << index);
      continue;
    }
    if (open !== 0) return false;
    if (role !== 'assistant' || made === undefined) continue;
    // More calls than bits: the repair itself finds out.
    if (made.length > MOST_CALLS) return false;
    for (const { id } of made) {
      if (id === undefined || id === '' || seen.has(id)) return false;
      seen.add(id);
    }
    calls = made;
    open = (1 << made.length) - 1;
  }
  return open === 0;
}

const MOST_CALLS = 30;

function described(notes: PairingNotes): string[] {
  const { renamed, cancelled, moved, guessed, merged, told } = notes;
  return [
    renamed > 0 ? `${counted(renamed, 'tool call')} given an id of its own` : '',
    cancelled > 0 ? `${counted(cancelled, 'missing tool result')} filled in as cancelled` : '',
    moved > 0 ? `${counted(moved, 'tool result')} moved behind its call` : '',
    guessed > 0 ? `${counted(guessed, 'tool result')} without a known id given to an open call` : '',
    merged > 0 ? `${counted(merged, 'repeated tool result')} merged` : '',
    told > 0 ? `${counted(told, 'tool result')} without a call sent as text` : '',
  ].filter((text) => text !== '');
}

export const toolResults: Rule = {
  id: 'tool-results',
  title: { en: 'Every tool call has one result', zh: '工具调用与结果成对' },
  why: "Each id must occur once in a history and be answered right behind its message, else 400: `an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'`, `tool_call_id  is not found`. Missing results are filled in as cancelled, stray ones moved to their call, later duplicates renamed with their results, and what answers no call is sent as text. All other ids stay as they are: models copy the pattern they see.",
  source:
    'MoonshotAI/kimi-code #705; MoonshotAI/kimi-cli #2405, #1977; openclaw/openclaw #84730, PR 70030; router-for-me/CLIProxyAPI',
  seen: '2026-08-22',
  when: isKimiApi,
  refusal: /must be followed by tool messages|tool_call_id .*is not found/,
  request: {
    reads: ['messages'],
    trigger: { outline: (messages) => !isPaired(messages) },
    apply(request, { note }) {
      const { messages } = request;
      if (!Array.isArray(messages)) return request;
      const notes: PairingNotes = { renamed: 0, cancelled: 0, moved: 0, guessed: 0, merged: 0, told: 0 };
      const paired = pairResults(messages, notes);
      if (paired === messages) return request;
      for (const text of described(notes)) note(text);
      return { ...request, messages: paired };
    },
  },
};
