import { estimateTokens } from '../chat/estimate-tokens.ts';
import { type History, told, toMessages } from './history.ts';

/** The estimate is not exact, so not all of the window is used. */
const USED_OF_WINDOW = 0.9;
/** What an answer leaves for itself where the request sets no cap: tokens, and at most this part of the window. */
const ROOM_FOR_ANSWER = 8_192;
const MOST_FOR_ANSWER = 0.25;

export interface Window {
  /** Tokens. */
  readonly context: number;
  /** What the request says besides its messages: tools, the form of the answer. */
  readonly besides: number;
  /** Of the answer; undefined where the request sets none. */
  readonly cap: number | undefined;
}

/** The tokens that messages may take, by estimate. */
export function roomIn({ context, besides, cap }: Window): number {
  const answer = cap ?? Math.min(ROOM_FOR_ANSWER, context * MOST_FOR_ANSWER);
  return Math.max(0, context * USED_OF_WINDOW - besides - answer);
}

export const weigh = (value: unknown): number => estimateTokens(Buffer.from(JSON.stringify(value) ?? ''));

/** How many of the oldest turns have to go so that the rest takes no more than `room`; 0: none. */
export function surplusTurns(history: History, room: number): number {
  let excess = weigh(toMessages(history)) - room;
  let count = 0;
  for (const turn of history.past) {
    if (excess <= 0) break;
    excess -= weigh(told(turn));
    count++;
  }
  return count;
}

/** The same without its oldest turns. */
export function without(history: History, count: number): History {
  return { ...history, past: history.past.slice(count) };
}
