import type { ChatMessage, Usage } from '../chat/chat.ts';

/** `open`: nothing was answered yet; `partial`: the answer was cut, what was delivered of it is kept; `done`. */
export type TurnState = 'open' | 'partial' | 'done';

/** What was asked and what was answered. */
export interface Turn {
  readonly id: string;
  /** Its place, from 0. */
  readonly seq: number;
  /** When it was written, milliseconds. */
  readonly at: number;
  readonly state: TurnState;
  /** The messages that the caller sent. */
  readonly asked: readonly ChatMessage[];
  readonly answer?: ChatMessage | undefined;
  /** The rest of the answer, so that it can be told again. */
  readonly facts?: AnswerFacts | undefined;
  /** The caller's Idempotency-Key, and of which messages it came with. */
  readonly retryKey?: string | undefined;
  readonly digest?: string | undefined;
}

export interface AnswerFacts {
  readonly id?: string | undefined;
  readonly created?: number | undefined;
  /** As the answer names it. */
  readonly model?: string | undefined;
  readonly finish_reason?: string | null | undefined;
  readonly usage?: Usage | null | undefined;
  readonly surface?: string | undefined;
  /** What was done so that it could be answered: turns left out, a new chat begun. */
  readonly notes?: readonly string[] | undefined;
}

const MESSAGE_ID = /^msg_(.+)_(\d{1,6})$/;

/** The id of a message: its turn's and its place in it; the answer stands behind what was asked. */
export function messageId(turn: Pick<Turn, 'id'>, index: number): string {
  return `msg_${turn.id}_${index}`;
}

/** Where a message is; undefined if there is none of this id. */
export function findMessage(turns: readonly Turn[], id: string): { turn: Turn; index: number } | undefined {
  const [, turnId, place] = MESSAGE_ID.exec(id) ?? [];
  const turn = turns.find((one) => one.id === turnId);
  const index = Number(place);
  return turn !== undefined && index < messagesOf(turn).length ? { turn, index } : undefined;
}

/** In their order, the answer last. */
export function messagesOf({ asked, answer }: Turn): readonly ChatMessage[] {
  return answer === undefined ? asked : [...asked, answer];
}

/** The turns up to a message and with it; one that loses its answer by that is open. */
export function turnsUpTo(turns: readonly Turn[], { turn, index }: { turn: Turn; index: number }): readonly Turn[] {
  const before = turns.filter(({ seq }) => seq < turn.seq);
  if (index >= turn.asked.length) return [...before, turn];
  const { answer: _, facts: __, retryKey: ___, digest: ____, ...rest } = turn;
  return [...before, { ...rest, asked: turn.asked.slice(0, index + 1), state: 'open' }];
}

/** What a turn counts of its conversation's size. */
export function bytesOf(turn: Turn): number {
  return Buffer.byteLength(JSON.stringify(turn));
}
