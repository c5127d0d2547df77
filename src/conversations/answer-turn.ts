import { addUsage } from '../chat/add-usage.ts';
import type { ChatCompletion, ChatMessage, Usage } from '../chat/chat.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution } from '../models/resolve.ts';
import { answerChat } from '../pipeline/answer-chat.ts';
import type { Caller } from '../pipeline/attempts.ts';
import type { Bound, ChatAnswer, ChatCall } from '../pipeline/call.ts';
import { readRequest } from '../pipeline/prepare.ts';
import type { Admission } from './admission.ts';
import type { Summary } from './conversation.ts';
import { roomIn, surplusTurns, type Window, weigh, without } from './fit-history.ts';
import { type History, historyOf, toMessages, toMessagesBehind } from './history.ts';
import { chooseWay, isUnasked, type Way, whyLost } from './native-chat.ts';
import type { ConversationSettings } from './settings.ts';
import { summarise } from './summarise.ts';
import type { TurnDraft } from './turn-draft.ts';
import { modelOf, summaryOf, turnRequest } from './turn-request.ts';
import { textOf } from './words.ts';

export interface AnswerParts {
  readonly call: ChatCall & Caller;
  readonly admission: Admission;
  readonly settings: ConversationSettings;
  /** Writes down whether something may have been said in the chat that is not in the history. */
  unsettle(isUnsettled: boolean): Promise<void>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** What of the room is used after the surface has found the request too long although the estimate had not. */
const SHARES = [1, 0.7, 0.4];
/** Summarising leaves room for the turns to come. */
const SHARE_AFTER_SUMMARY = 0.5;

/** The call of one turn: how its history goes up, and what is done when the surface will not have it. */
export class TurnCall {
  /** As it is when the answer is there. */
  summary: Summary | undefined;
  readonly notes: string[] = [];
  readonly #draft: TurnDraft;
  readonly #parts: AnswerParts;
  readonly #model: string | undefined;
  /** What the calls beside the answer have used. */
  readonly #spent: Usage[] = [];

  constructor(draft: TurnDraft, parts: AnswerParts) {
    this.#draft = draft;
    this.#parts = parts;
    this.#model = modelOf(draft, parts.call);
    this.summary = summaryOf(draft);
  }

  /** The model as the caller names it, now or earlier. */
  get model(): string | undefined {
    return this.#model;
  }

  async answer(): Promise<ChatAnswer> {
    const { chat } = this.#parts.admission;
    const name = this.#model ?? chat.defaultModel;
    const resolution = name === undefined ? undefined : chat.resolve(name);
    const way = resolution ? chooseWay(this.#draft, resolution, chat.pool) : undefined;
    const answer = (way && (await this.#inChat(way))) ?? (await this.#whole(resolution));
    if (this.#spent.length > 0) answer.outcome.besides = addUsage(this.#spent);
    return this.notes.length === 0 ? answer : { ...answer, notes: [...this.notes, ...answer.notes] };
  }

  /** In the chat that knows the history; undefined if it has to be told as a whole. */
  async #inChat(way: Way): Promise<ChatAnswer | undefined> {
    if (way.kind === 'whole') {
      if (way.note !== undefined) this.notes.push(way.note);
      return undefined;
    }
    if (way.kind === 'lost') return this.#lost(way.why);
    const { pool } = this.#parts.admission.chat;
    const { native, credential } = way;
    const isOneLine = native.chat.protocol === 'classic';
    if (isOneLine) await this.#parts.unsettle(true);
    const others = pool.all(native.surface).filter(({ id }) => id !== credential.id);
    const history = historyOf(this.#draft.before, this.#draft.messages);
    try {
      return await this.#send(toMessagesBehind(history, this.#draft.before), {
        chat: native.chat,
        surface: native.surface,
        never: new Set(others.map(({ id }) => id)),
        strange: NOBODY,
      });
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      const why = whyLost(error, credential, pool);
      if (isOneLine && (why !== undefined || isUnasked(error))) await this.#parts.unsettle(false);
      if (why !== undefined) return this.#lost(why, error);
      if (error.code !== 'context_length_exceeded' || this.#parts.settings.overflow === 'error') throw explained(error);
      this.notes.push(`the chat on ${native.surface} is full; a new one was begun`);
      return undefined;
    }
  }

  #lost(why: string, cause?: GatewayError): undefined {
    if (this.#parts.settings.on_lost === 'error') {
      throw new GatewayError('conversation_lost', {
        message: `The chat on the surface, which the conversation went on in, is gone: ${why}`,
        ...(cause?.details.surface === undefined ? {} : { surface: cause.details.surface }),
        cause,
      });
    }
    this.notes.push(`the chat on the surface was lost (${why}); a new one got the whole history`);
  }

  async #whole(resolution: Resolution | undefined): Promise<ChatAnswer> {
    const { settings } = this.#parts;
    const history = historyOf(this.#draft.before, this.#draft.messages, this.summary);
    const bound: Bound = { chat: 'new', surface: undefined, never: NOBODY, strange: this.#strangers() };
    const window = this.#window(resolution);
    for (const [index, share] of SHARES.entries()) {
      const fitted = await this.#fit(history, window, share);
      try {
        return await this.#send(toMessages(fitted), bound);
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        const isLast = index === SHARES.length - 1 || fitted.past.length === 0 || settings.overflow === 'error';
        if (error.code !== 'context_length_exceeded' || isLast) throw explained(error);
      }
    }
    throw new GatewayError('internal');
  }

  /** The credentials beside the one that served last, on its surface: what they have cached is not this history. */
  #strangers(): ReadonlySet<string> {
    const { served } = this.#draft.conversation.details;
    if (served === undefined) return NOBODY;
    const all = this.#parts.admission.chat.pool.all(served.surface);
    if (!all.some(({ id }) => id === served.credential)) return NOBODY;
    return new Set(all.filter(({ id }) => id !== served.credential).map(({ id }) => id));
  }

  #window(resolution: Resolution | undefined): Window | undefined {
    const context = resolution?.targets[0]?.facts?.context;
    if (context === undefined) return undefined;
    const { document } = this.#parts.call.asked;
    const cap = document.get('max_completion_tokens') ?? document.get('max_tokens');
    const besides = weigh([document.get('tools'), document.get('response_format')]);
    return { context, besides, cap: typeof cap === 'number' ? cap : undefined };
  }

  async #fit(history: History, window: Window | undefined, share: number): Promise<History> {
    const { overflow } = this.#parts.settings;
    if (overflow === 'error' || (window === undefined && share === 1)) return history;
    const room = (window ? roomIn(window) : weigh(toMessages(history))) * share;
    const surplus = surplusTurns(history, room);
    if (surplus === 0) return history;
    if (overflow === 'truncate') {
      this.#tell(`the oldest ${turns(surplus)} left out: the history does not fit into the window of the model`);
      return without(history, surplus);
    }
    const more = surplusTurns(history, room * SHARE_AFTER_SUMMARY);
    const old = history.past.slice(0, more);
    const { summary, calls } = await summarise(old, history.summary, room, (messages) => this.#ask(messages));
    this.summary = summary;
    this.#tell(`the oldest ${turns(more)} sent as a summary, which took ${calls} call${calls === 1 ? '' : 's'}`);
    return { ...without(history, more), summary };
  }

  #tell(note: string): void {
    this.notes.push(note);
  }

  /** One question beside the conversation, to the same model. */
  async #ask(messages: readonly ChatMessage[]): Promise<string> {
    const { call, admission } = this.#parts;
    const body = Buffer.from(JSON.stringify({ model: this.#model, messages, max_completion_tokens: ROOM_FOR_SUMMARY }));
    const answer = await answerChat({ ...call, body, asked: readRequest(body) }, admission.chat);
    admission.besides(answer);
    if (answer.outcome.usage) this.#spent.push(answer.outcome.usage);
    const completion = 'whole' in answer ? (JSON.parse(answer.whole.toString()) as ChatCompletion) : {};
    const message = completion.choices?.[0]?.message;
    const text = message ? textOf(message).trim() : '';
    if (text !== '') return text;
    throw new GatewayError('upstream_garbled', { message: 'The model gave no summary of the conversation.' });
  }

  async #send(messages: readonly ChatMessage[], bound: Bound): Promise<ChatAnswer> {
    const { call, admission } = this.#parts;
    const request = turnRequest(this.#draft, call, messages);
    const stickyKey = `${call.owner} ${this.#draft.conversation.id}`;
    return answerChat({ ...call, ...request, stickyKey, bound }, admission.chat);
  }
}

/** A thinking model needs more than the words of the summary. */
const ROOM_FOR_SUMMARY = 4_096;

const turns = (count: number): string => (count === 1 ? 'turn is' : `${count} turns are`);

function explained(error: GatewayError): GatewayError {
  if (error.code !== 'context_length_exceeded') return error;
  return new GatewayError(error.code, {
    ...error.details,
    hint: 'The history of the conversation is too long for the model. `conversations.overflow: truncate` or `summarise` shortens it by itself; a fork at an earlier message is shorter too.',
  });
}
