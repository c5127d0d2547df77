import type { ChatMessage } from '../../chat/chat.ts';
import { textOf } from './choices.ts';

export interface Turn {
  readonly question: ChatMessage;
  /** The answer last; before it the calls of tools with their results. */
  readonly replies: readonly ChatMessage[];
}

/** The dialogue so far. Only answered questions belong to it: a failed one is remembered apart, to be asked again. */
export class Dialogue {
  system: string | undefined;
  #turns: readonly Turn[] = [];
  #unanswered: ChatMessage | undefined;

  constructor(system: string | undefined) {
    this.system = system;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** As a request has it. */
  history(): readonly ChatMessage[] {
    const system = this.system === undefined ? [] : [{ role: 'system', content: this.system }];
    return [...system, ...this.#turns.flatMap(({ question, replies }) => [question, ...replies])];
  }

  /** An answer without text is none: Kimi refuses an empty assistant message. */
  answered(question: ChatMessage, replies: readonly ChatMessage[]): void {
    const last = replies.at(-1);
    if (last === undefined || last.role !== 'assistant' || textOf(last).trim() === '') {
      this.failed(question);
      return;
    }
    this.#turns = [...this.#turns, { question, replies }];
    this.#unanswered = undefined;
  }

  failed(question: ChatMessage): void {
    this.#unanswered = question;
  }

  /** Takes the last question out, answered or not, so that it can be asked again. */
  takeBack(): ChatMessage | undefined {
    const question = this.#unanswered ?? this.#turns.at(-1)?.question;
    if (this.#unanswered === undefined) this.#turns = this.#turns.slice(0, -1);
    this.#unanswered = undefined;
    return question;
  }

  clear(): void {
    this.#turns = [];
    this.#unanswered = undefined;
  }

  /** Goes on where these messages end. */
  replace(messages: readonly ChatMessage[]): void {
    this.clear();
    const system = messages.find(({ role }) => role === 'system');
    this.system = system === undefined ? undefined : textOf(system);
    const turns: { question: ChatMessage; replies: ChatMessage[] }[] = [];
    for (const message of messages) {
      if (message.role === 'user') turns.push({ question: message, replies: [] });
      else if (message.role !== 'system') turns.at(-1)?.replies.push(message);
    }
    this.#turns = turns.filter(({ replies }) => replies.at(-1)?.role === 'assistant');
    const last = turns.at(-1);
    if (last !== undefined && last.replies.length === 0) this.#unanswered = last.question;
  }

  copy(): Dialogue {
    const copy = new Dialogue(this.system);
    copy.#turns = this.#turns;
    copy.#unanswered = this.#unanswered;
    return copy;
  }
}

export const questions = (count: number): string => `${count} ${count === 1 ? 'question' : 'questions'}`;
