import type { ChatMessage, ToolCall } from '../../chat/chat.ts';
import { isBlankContent, isPart, textPart } from './content-part.ts';
import { isMessage } from './map-messages.ts';
import { mergeContents } from './merge-contents.ts';
import { UniqueCallIds } from './unique-call-ids.ts';

const CANCELLED = 'Cancelled: there is no result of this tool call.';

export interface PairingNotes {
  renamed: number;
  cancelled: number;
  moved: number;
  guessed: number;
  merged: number;
  told: number;
}

interface Call {
  /** As the client wrote it, empty if it did not. */
  readonly original: string;
  /** Unique in the history. */
  readonly id: string;
  /** The index of its message. */
  readonly message: number;
  /** Indices of the tool messages that answer it, at most one unless a client repeated itself. */
  readonly results: number[];
}

/**
 * Puts behind each assistant message with tool calls exactly one result for each call: in the order in which they came,
 * wherever that was. What answers no call is told as words of the user. Messages that need no change keep their identity.
 */
export function pairResults(messages: readonly ChatMessage[], notes: PairingNotes): readonly ChatMessage[] {
  const calls = collectCalls(messages);
  const strays = assignResults(messages, calls, notes);
  notes.told = strays.size;
  const byMessage = Map.groupBy(calls, (call) => call.message);
  const result: ChatMessage[] = [];
  messages.forEach((message, index) => {
    if (isTool(message)) {
      if (strays.has(index)) result.push(asUserMessage(message));
      return;
    }
    const own = byMessage.get(index) ?? [];
    result.push(withIds(message, own, notes), ...resultsOf(own, messages, notes));
  });
  notes.moved = countMoved(messages, result);
  const isSame = result.length === messages.length && result.every((message, index) => message === messages[index]);
  return isSame ? messages : result;
}

function isTool(message: unknown): message is ChatMessage {
  return isMessage(message) && message.role === 'tool';
}

function callsOf(message: unknown): readonly ToolCall[] {
  if (!isMessage(message) || message.role !== 'assistant' || !Array.isArray(message.tool_calls)) return [];
  return message.tool_calls;
}

function collectCalls(messages: readonly ChatMessage[]): Call[] {
  const ids = new UniqueCallIds();
  return messages.flatMap((message, index) =>
    callsOf(message).map((call) => ({
      original: typeof call.id === 'string' ? call.id : '',
      id: ids.next(call),
      message: index,
      results: [],
    })),
  );
}

/** Gives each tool message to a call; returns the indices of those that belong to none. */
function assignResults(messages: readonly ChatMessage[], calls: readonly Call[], notes: PairingNotes): Set<number> {
  const byId = Map.groupBy(calls, (call) => call.original);
  const nameless: number[] = [];
  const strays = new Set<number>();
  messages.forEach((message, index) => {
    if (!isTool(message)) return;
    const id = message.tool_call_id ?? '';
    const named = id === '' ? [] : (byId.get(id) ?? []);
    if (named.length === 0) nameless.push(index);
    else answeredBy(named, index).results.push(index);
  });
  for (const index of nameless) {
    const call = openBefore(calls, index);
    if (call) notes.guessed++;
    if (call) call.results.push(index);
    else strays.add(index);
  }
  return strays;
}

/** Of the calls with the same id, the one that a result at `index` answers. */
function answeredBy(named: readonly Call[], index: number): Call {
  const before = named.filter((call) => call.message < index);
  const latest = before.at(-1)?.message;
  const open = before.find((call) => call.message === latest && call.results.length === 0);
  const older = before.findLast((call) => call.results.length === 0);
  const choice = open ?? older ?? before.at(-1) ?? named.find((call) => call.results.length === 0) ?? named[0];
  if (choice === undefined) throw new RangeError('no call to choose from');
  return choice;
}

/** The first unanswered call of the nearest message with calls. */
function openBefore(calls: readonly Call[], index: number): Call | undefined {
  const nearest = calls.findLast((call) => call.message < index)?.message;
  return calls.find((call) => call.message === nearest && call.results.length === 0);
}

function withIds(message: ChatMessage, own: readonly Call[], notes: PairingNotes): ChatMessage {
  const changed = own.filter((call) => call.id !== call.original).length;
  if (changed === 0) return message;
  notes.renamed += changed;
  return {
    ...message,
    tool_calls: callsOf(message).map((call, index) => {
      const id = own[index]?.id;
      return id === undefined || id === call.id ? call : { ...call, id };
    }),
  };
}

function resultsOf(own: readonly Call[], messages: readonly ChatMessage[], notes: PairingNotes): ChatMessage[] {
  const answered = own.filter((call) => call.results.length > 0);
  answered.sort((one, other) => (one.results[0] ?? 0) - (other.results[0] ?? 0));
  const missing = own.filter((call) => call.results.length === 0);
  notes.cancelled += missing.length;
  return [
    ...answered.map((call) => mergedResult(call, messages, notes)),
    ...missing.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: CANCELLED })),
  ];
}

function mergedResult(call: Call, messages: readonly ChatMessage[], notes: PairingNotes): ChatMessage {
  const [first = {}, ...more] = call.results.map((index) => messages[index] ?? {});
  notes.merged += more.length;
  const content = more.length === 0 ? first.content : mergeContents([first, ...more].map((message) => message.content));
  if (first.tool_call_id === call.id && content === first.content) return first;
  return { ...first, tool_call_id: call.id, content };
}

function asUserMessage({ content, tool_call_id: id, name }: ChatMessage): ChatMessage {
  const head = `Result of a tool call that is not in this conversation (${name || id || 'unknown'}):`;
  if (isBlankContent(content)) return { role: 'user', content: `${head} nothing` };
  if (typeof content === 'string') return { role: 'user', content: `${head}\n${content}` };
  return { role: 'user', content: [textPart(head), ...(Array.isArray(content) ? content.filter(isPart) : [])] };
}

/** Results that stand elsewhere than before, relative to the other messages that were kept. */
function countMoved(before: readonly ChatMessage[], after: readonly ChatMessage[]): number {
  const kept = new Set(after);
  const order = before.filter((message) => kept.has(message));
  const known = new Set(before);
  return after
    .filter((message) => known.has(message))
    .filter((message, index) => isTool(message) && order[index] !== message).length;
}
