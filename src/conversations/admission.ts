import type { ChatParts } from '../pipeline/answer-chat.ts';
import type { ChatAnswer } from '../pipeline/call.ts';
import type { Asked } from '../pipeline/prepare.ts';

/** What a turn is allowed by the rules of its caller's key. */
export interface Admission {
  /** What answers it: the names mean what the caller may use. */
  readonly chat: ChatParts;
  /** The same answer, counted when it has ended. */
  counted(answering: Promise<ChatAnswer>): Promise<ChatAnswer>;
  /** A whole answer to another call that the turn needed: it is counted with the turn. */
  besides(answer: ChatAnswer): void;
}

/**
 * Judges a turn when its place in the line has come, by all that will be sent for it. A turn that waits, or whose answer
 * is only told again, takes nothing of any limit. Throws what refuses it.
 */
export type Admit = (asked: () => Asked) => Promise<Admission>;

/** Of a caller without rules. */
export function unlimited(chat: ChatParts): Admission {
  return { chat, counted: (answering) => answering, besides: () => {} };
}
