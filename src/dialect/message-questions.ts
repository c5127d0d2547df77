import type { MessageOutline } from '../chat/message-outline.ts';
import type { Rule } from './rule.ts';

/** As many answers fit into one number. */
const MOST = 30;

/** What the rules of a list ask of every message. The answers are kept with the message. */
export class MessageQuestions {
  /** For each rule the bit of its answer; 0 if it asks nothing. */
  readonly bits: readonly number[];
  readonly #questions: readonly ((message: MessageOutline) => boolean)[];
  /** The answers of messages that are nothing but text, by role. */
  readonly #ofTexts = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    const questions: ((message: MessageOutline) => boolean)[] = [];
    this.bits = rules.map(({ request }) => {
      const question = request?.trigger.message;
      return question === undefined ? 0 : 1 << (questions.push(question) - 1);
    });
    this.#questions = questions;
    if (questions.length > MOST) throw new Error(`At most ${MOST} rules may ask of every message.`);
  }

  /** The bits of those that some message answers with yes. */
  answers(messages: readonly MessageOutline[]): number {
    let bits = 0;
    for (const message of messages) {
      bits |= message.askedBy === this && message.answers !== undefined ? message.answers : this.#ask(message);
    }
    return bits;
  }

  #ask(message: MessageOutline): number {
    const role = isText(message) ? message.role : undefined;
    const known = role === undefined ? undefined : this.#ofTexts.get(role);
    const bits = known ?? this.#askEach(message);
    if (role !== undefined && known === undefined && this.#ofTexts.size < MOST_ROLES) this.#ofTexts.set(role, bits);
    message.askedBy = this;
    message.answers = bits;
    return bits;
  }

  #askEach(message: MessageOutline): number {
    let bits = 0;
    for (const [index, question] of this.#questions.entries()) if (question(message)) bits |= 1 << index;
    return bits;
  }
}

/** Clients have four, and may send any. */
const MOST_ROLES = 8;

/** The role is all that distinguishes it from others like it. */
function isText(message: MessageOutline): boolean {
  return (
    message.content === 'text' &&
    message.calls === undefined &&
    message.toolCallId === undefined &&
    message.reasoning === 'absent' &&
    !(message.foreignReasoning || message.functionCall || message.tools || message.partial || message.odd)
  );
}

const KNOWN = new WeakMap<readonly Rule[], MessageQuestions>();

export function questionsOf(rules: readonly Rule[]): MessageQuestions {
  const known = KNOWN.get(rules);
  if (known) return known;
  const made = new MessageQuestions(rules);
  KNOWN.set(rules, made);
  return made;
}
