import { ChatDocument } from '../chat/chat-document.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import { type MessageOutline, outlineOf } from '../chat/message-outline.ts';
import { outlineAt } from '../chat/outline-reader.ts';
import type { MessageQuestions } from './message-questions.ts';

/** The outline of the messages as they are now, made when a rule asks for it first. */
export class LazyOutline {
  readonly #request: JsonDocument;
  readonly #questions: MessageQuestions;
  #made: readonly MessageOutline[] | undefined;
  #answers: number | undefined;

  constructor(request: JsonDocument, questions: MessageQuestions) {
    this.#request = request;
    this.#questions = questions;
  }

  /** What the messages answer to the questions of the rules, as bits. */
  answers(): number {
    this.#answers ??= this.#questions.answers(this.get());
    return this.#answers;
  }

  get(): readonly MessageOutline[] {
    this.#made ??= outlineOfRequest(this.#request);
    return this.#made;
  }

  forget(): void {
    this.#made = undefined;
    this.#answers = undefined;
  }
}

function outlineOfRequest(request: JsonDocument): readonly MessageOutline[] {
  const raw = request.raw('messages');
  if (raw === undefined) return outlineOf(request.get('messages'));
  return request instanceof ChatDocument ? request.outline : outlineAt(raw, 0);
}
