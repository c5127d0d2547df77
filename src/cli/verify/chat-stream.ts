import type { EventStream } from './exchange.ts';
import { at, listAt, textAt } from './json-at.ts';

/** The chunks of a chat stream that are JSON, in order; `[DONE]` is left out. */
export const chunksOf = ({ events }: EventStream): readonly unknown[] =>
  events.filter(({ data }) => data !== '[DONE]').map(({ json }) => json);

/** One member of the deltas of the first choice, joined. */
export function joined(stream: EventStream, member: string): string {
  return chunksOf(stream)
    .map((chunk) => textAt(chunk, 'choices', 0, 'delta', member))
    .join('');
}

export const finishReasons = (stream: EventStream): readonly unknown[] =>
  chunksOf(stream).flatMap((chunk) => {
    const reason = at(chunk, 'choices', 0, 'finish_reason');
    return typeof reason === 'string' ? [reason] : [];
  });

/** The pieces of tool calls in the order in which they came. */
export const toolPieces = (stream: EventStream): readonly unknown[] =>
  chunksOf(stream).flatMap((chunk) => listAt(chunk, 'choices', 0, 'delta', 'tool_calls'));

/** Why an answer is not to be looked at; undefined for a good one. */
export function refusal({ status, json, text }: { status: number; json: unknown; text: string }): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const message = textAt(json, 'error', 'message') || text.replace(/\s+/g, ' ').slice(0, 120);
  return `HTTP ${status}: ${message}`;
}
