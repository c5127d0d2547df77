import type { ChatMessage } from '../../chat/chat.ts';

interface Turn {
  readonly question: string;
  readonly answer: string;
}

/** The dialogue so far. Only answered questions belong to it: a failed one is remembered apart, to be asked again. */
export class Conversation {
  model: string;
  system: string | undefined;
  #turns: Turn[] = [];
  #unanswered: string | undefined;

  constructor(model: string, system: string | undefined) {
    this.model = model;
    this.system = system;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** What goes up for the next question. */
  messages(question: string): readonly ChatMessage[] {
    return [...this.history(), { role: 'user', content: question }];
  }

  history(): readonly ChatMessage[] {
    const system = this.system === undefined ? [] : [{ role: 'system', content: this.system }];
    const turns = this.#turns.flatMap(({ question, answer }) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
    return [...system, ...turns];
  }

  /** An answer without text is none: Kimi refuses an empty assistant message. */
  answered(question: string, answer: string): void {
    if (answer.trim() === '') {
      this.failed(question);
      return;
    }
    this.#turns.push({ question, answer });
    this.#unanswered = undefined;
  }

  failed(question: string): void {
    this.#unanswered = question;
  }

  /** Takes the last question out, answered or not, so that it can be asked again. */
  takeBack(): string | undefined {
    const question = this.#unanswered ?? this.#turns.pop()?.question;
    this.#unanswered = undefined;
    return question;
  }

  clear(): void {
    this.#turns = [];
    this.#unanswered = undefined;
  }
}
