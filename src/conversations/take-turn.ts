import type { ChatCompletion } from '../chat/chat.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Caller } from '../pipeline/attempts.ts';
import type { ChatAnswer, ChatCall } from '../pipeline/call.ts';
import type { Admission, Admit } from './admission.ts';
import { TurnCall } from './answer-turn.ts';
import type { Conversation, NativeChat } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';
import { recordAnswer } from './record-answer.ts';
import type { ConversationSettings } from './settings.ts';
import { tellAgain } from './tell-again.ts';
import { messageId, type Turn, type TurnState } from './turn.ts';
import { draftTurn, sizeWith, type TurnAsked, type TurnDraft } from './turn-draft.ts';
import type { TurnLock } from './turn-lock.ts';
import { modelOf, wholeRequest } from './turn-request.ts';
import { titleOf } from './words.ts';

export interface TurnParts {
  readonly store: ConversationStore;
  readonly admit: Admit;
  readonly settings: ConversationSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the conversation; it is given back when the turn has ended. */
  readonly lock: TurnLock;
  /** What it waited for the turns before it, milliseconds. */
  readonly queuedMs: number;
  /** Called when a turn was written. */
  written(conversation: Conversation): void;
  /** The conversation as it is remembered. */
  readonly recall: () => ReturnType<ConversationStore['read']>;
}

export interface TakenTurn {
  readonly answer: ChatAnswer;
  /** The id of the message that the answer is, or will be. */
  readonly message: string;
  /** The model as the caller named it, in this turn or an earlier one. */
  readonly model: string | undefined;
  /** The answer was given before. */
  readonly isRepeated: boolean;
  /** Milliseconds that writing the turn took, when it is written. */
  readonly writtenMs: () => number | undefined;
}

/** One turn of a conversation under its lock: recall, ask, remember. The end of the answer waits for the last. */
export async function takeTurn(asked: TurnAsked, call: ChatCall & Caller, parts: TurnParts): Promise<TakenTurn> {
  const { lock, clock, settings } = parts;
  let isRunning = false;
  try {
    const draft = draftTurn(asked, await parts.recall(), { owner: call.owner, asked: call.asked, settings, clock });
    if (draft.kind === 'answered') {
      const message = messageId(draft.turn, draft.turn.asked.length);
      const { model } = draft.conversation;
      return { answer: tellAgain(draft, call.asked), message, model, isRepeated: true, writtenMs: () => undefined };
    }
    const admission = await parts.admit(() => wholeRequest(draft, call).asked);
    const running = new RunningTurn(draft, call, parts, admission);
    const answer = waited(await running.answer(), parts.queuedMs);
    isRunning = 'events' in answer;
    const model = modelOf(draft, call);
    return { answer, message: running.message, model, isRepeated: false, writtenMs: () => running.writtenMs };
  } finally {
    if (!isRunning) await lock.release();
  }
}

class RunningTurn {
  writtenMs: number | undefined;
  readonly #draft: TurnDraft;
  readonly #parts: TurnParts;
  readonly #call: TurnCall;
  readonly #admission: Admission;
  #conversation: Conversation;

  constructor(draft: TurnDraft, call: ChatCall & Caller, parts: TurnParts, admission: Admission) {
    const { settings, lock } = parts;
    const { signal } = lock;
    const unsettle = (isUnsettled: boolean) => this.#unsettle(isUnsettled);
    this.#draft = draft;
    this.#parts = parts;
    this.#admission = admission;
    this.#conversation = draft.conversation;
    this.#call = new TurnCall(draft, { call: { ...call, signal }, admission, settings, unsettle });
  }

  get message(): string {
    return messageId(this.#draft, this.#draft.messages.length);
  }

  async answer(): Promise<ChatAnswer> {
    // Counted inside the lock: the next turn finds what this one has given back.
    const answer = await this.#orLost(() => this.#admission.counted(this.#call.answer()));
    if ('whole' in answer) {
      await this.#write(answer, JSON.parse(answer.whole.toString()) as ChatCompletion, 'done');
      return answer;
    }
    const events = recordAnswer(this.#watched(answer.events), {
      whole: (completion) => this.#write(answer, completion, 'done'),
      cut: (delivered) => this.#keepCut(answer, delivered),
      ended: () => this.#parts.lock.release(),
    });
    return { ...answer, events };
  }

  async *#watched(events: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const iterator = events[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await this.#orLost(() => iterator.next());
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  /** A call that ended because the lock was lost did not end for its client's sake. */
  async #orLost<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (!this.#parts.lock.isLost) throw thrown;
      throw new GatewayError('conversation_busy', {
        message: 'The conversation went to another process while this turn was under way; the turn is not remembered.',
        retryAfterMs: 1_000,
        cause: thrown,
      });
    }
  }

  /** What was delivered is remembered; an answer that was to take the place of another one does not when it is cut. */
  async #keepCut(answer: ChatAnswer, delivered: ChatCompletion | undefined): Promise<void> {
    if (delivered === undefined || this.#draft.isAgain || this.#parts.lock.isLost) return;
    try {
      await this.#write(answer, delivered, 'partial');
    } catch (cause) {
      this.#parts.log.warn({ err: cause, conversation: this.#conversation.name }, 'a cut answer could not be kept');
    }
  }

  async #unsettle(unsettled: boolean): Promise<void> {
    const { native, ...details } = this.#conversation.details;
    if (native === undefined) return;
    const version = this.#conversation.version + 1;
    const conversation = {
      ...this.#conversation,
      version,
      details: { ...details, native: { ...native, unsettled } },
    };
    await this.#parts.store.write({ conversation, put: [], fence: this.#parts.lock.fence });
    this.#conversation = conversation;
  }

  async #write(answer: ChatAnswer, completion: ChatCompletion, state: TurnState): Promise<void> {
    const { store, clock, lock, written } = this.#parts;
    const begunAt = clock.ticks();
    const { id, before, messages, replaced, retryKey, digest } = this.#draft;
    const turn: Turn = {
      id,
      seq: before.length,
      at: clock.now(),
      state,
      asked: messages,
      ...heard(answer, completion, this.#call.notes),
    };
    const kept: Turn = { ...turn, retryKey, digest };
    const { title, version, details } = this.#conversation;
    const native = this.#native(answer);
    const served = { surface: answer.surface, credential: answer.credential };
    const conversation: Conversation = {
      ...this.#conversation,
      title: title === '' ? titleOf(messages) : title,
      model: this.#call.model,
      usedAt: clock.now(),
      turns: before.length + 1,
      bytes: sizeWith(this.#conversation, replaced, [kept]),
      version: version + 1,
      details: { ...details, served, native, summary: this.#call.summary },
    };
    const [first] = replaced;
    const drop = first && { from: first.seq, to: replaced.at(-1)?.seq ?? first.seq };
    await store.write({ conversation, drop, put: [kept], fence: lock.fence });
    this.#conversation = conversation;
    this.writtenMs = clock.ticks() - begunAt;
    written(conversation);
  }

  /** The chat that has grown by this turn, where there is one. */
  #native(answer: ChatAnswer): NativeChat | undefined {
    const chat = answer.chat?.();
    if (chat === undefined) return undefined;
    const { surface, credential } = answer;
    const owner = this.#admission.chat.pool.all(surface).find(({ id }) => id === credential);
    return { surface, credential, account: owner?.account ?? credential, chat, upTo: this.#draft.id };
  }
}

/** Nobody is to take the turns before it for the gateway's own work. */
function waited(answer: ChatAnswer, ms: number): ChatAnswer {
  return { ...answer, waitedMs: answer.waitedMs + ms };
}

function heard(
  answer: ChatAnswer,
  { id, created, model, usage, choices }: ChatCompletion,
  told: readonly string[],
): Pick<Turn, 'answer' | 'facts'> {
  const { message, finish_reason } = choices?.[0] ?? {};
  if (message === undefined) throw new GatewayError('upstream_garbled', { message: 'The answer has no message.' });
  const notes = told.length > 0 ? told : undefined;
  return { answer: message, facts: { id, created, model, finish_reason, usage, surface: answer.surface, notes } };
}
