import type { ChatRequest } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import type { ListedModel } from '../../models/catalogue.ts';
import type { Adapter, ChatReply, ChatSend, Place } from '../adapter.ts';
import { AnswerChunks, isEmpty } from './answer-chunks.ts';
import { classicProtocol } from './classic-protocol.ts';
import { connectProtocol } from './connect-protocol.ts';
import { fetchWebModels, listedModels } from './list-web-models.ts';
import { begunBody, readWebAnswer } from './read-web-answer.ts';
import { Sessions } from './session.ts';
import { readAsk } from './web-ask.ts';
import { ProtocolAbsent } from './web-call.ts';
import type { WebChat } from './web-chat.ts';
import { readWebName, WEB_MODELS, type WebModel, type WebName } from './web-models.ts';
import { type WebOptions, webOptions } from './web-options.ts';
import { ChatTrace, type WebCall, type WebProtocol } from './web-protocol.ts';
import { parseObject, textAt } from './wire-value.ts';

/** How long the surface's own list is believed (chopper1026/kimi2api). */
const LIST_MS = 300_000;
/** Cancelling and deleting are worth this long. */
const ERRAND_MS = 10_000;
const DEFAULT_MODEL = 'k2';

/** The web chat. One for each surface; its sessions may be shared by successive ones. */
export class KimiWeb implements Adapter {
  readonly search = 'itself';
  readonly #sessions: Sessions;
  /** Credentials whose server does not speak the newer protocol. */
  readonly #olderOnly = new Set<string>();
  #live: { readonly models: readonly WebModel[]; readonly until: number } = { models: [], until: 0 };
  readonly #errands = new Set<Promise<void>>();

  constructor(sessions: Sessions = new Sessions()) {
    this.#sessions = sessions;
  }

  async sendChat(call: ChatSend): Promise<ChatReply> {
    const options = optionsOf(call);
    const chat = call.chat === 'new' ? undefined : call.chat;
    const request = readRequest(call.body);
    const read = (name: WebName) => readAsk(request, name, options, chat !== undefined);
    // What cannot be asked is refused before anybody is asked for a token.
    const known = this.#knownName(request);
    const early = known && read(known);
    try {
      return await this.#withToken(call, async (token) => {
        const ask = early ?? read(await this.#listedName(request, call, token));
        return this.#inProtocol(chat?.protocol ?? options.protocol, call.credential.id, (protocol) => {
          const trace = new ChatTrace(protocol.name, chat?.chatId);
          return this.#answer(protocol, { place: call, token, ask, chat, trace }, mayDelete(call, options));
        });
      });
    } catch (thrown) {
      throw forChat(GatewayError.from(thrown), call);
    }
  }

  async listModels(place: Place): Promise<ListedModel[]> {
    return this.#withToken(place, async (token) => {
      if (optionsOf(place).protocol !== 'classic') await this.#refreshList(place, token);
      return listedModels([...WEB_MODELS, ...this.#live.models]);
    });
  }

  /** Whether the credential works: a small call that needs its token, unlike the list of models. */
  async check(place: Place): Promise<void> {
    await this.#withToken(place, (token) =>
      this.#inProtocol(optionsOf(place).protocol, place.credential.id, (protocol) => protocol.check(place, token)),
    );
  }

  async deleteChat(place: Place, { protocol, chatId }: WebChat): Promise<void> {
    const spoken = protocol === 'classic' ? classicProtocol : connectProtocol;
    await this.#withToken(place, (token) => spoken.delete(place, token, chatId));
  }

  /** Resolves when nothing is left to be cancelled or deleted. */
  async idle(): Promise<void> {
    while (this.#errands.size > 0) await Promise.all(this.#errands);
  }

  /** A token that the server refuses is renewed once, and the call made once more: no byte has been answered yet. */
  async #withToken<T>(place: Place, work: (token: string) => Promise<T>): Promise<T> {
    const session = this.#sessions.of(place.credential);
    const token = await session.token(place);
    try {
      return await work(token);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.code !== 'upstream_auth' || !session.isRenewable) throw error;
      return await work(await session.replace(place, token));
    }
  }

  /**
   * The newer protocol first: it is the one that clients of late 2026 were seen to speak, while nobody has shown that the
   * older one still answers. Where it is not there the older one is used, from then on at once.
   */
  async #inProtocol<T>(
    wanted: WebOptions['protocol'],
    credential: string,
    work: (protocol: WebProtocol) => Promise<T>,
  ): Promise<T> {
    const isOlder = wanted === 'classic' || (wanted === 'auto' && this.#olderOnly.has(credential));
    try {
      return await work(isOlder ? classicProtocol : connectProtocol);
    } catch (thrown) {
      if (!isAbsent(thrown)) throw thrown;
      this.#olderOnly.delete(credential);
      if (wanted !== 'auto' || isOlder) throw absent(thrown);
    }
    try {
      const done = await work(classicProtocol);
      this.#olderOnly.add(credential);
      return done;
    } catch (thrown) {
      throw isAbsent(thrown) ? absent(thrown) : thrown;
    }
  }

  async #answer(protocol: WebProtocol, web: WebCall, mayDelete: boolean): Promise<ChatReply> {
    const { place, ask, trace } = web;
    const { clock } = place;
    const left = (isWhole: boolean): void => {
      if (isWhole && !mayDelete) return;
      this.#errand(place, async (quiet, token) => {
        if (!isWhole) await protocol.cancel(quiet, token, trace).catch(() => {});
        if (mayDelete && trace.chatId !== undefined) await protocol.delete(quiet, token, trace.chatId);
      });
    };
    const opened = await protocol.open(web).catch((thrown: unknown) => {
      if (mayDelete && trace.chatId !== undefined) left(true);
      throw thrown;
    });
    const chunks = new AnswerChunks(ask, {
      id: `chatcmpl-${clock.id()}`,
      created: Math.floor(clock.now() / 1000),
      callId: () => `call_${clock.id()}`,
    });
    const body = await begunBody(readWebAnswer(opened, chunks, trace, left));
    return { stream: true, headers: opened.reply.headers, body, notes: ask.notes, chat: () => trace.chat };
  }

  /** Done as well as it can be, under a signal of its own: the client may have left already. */
  #errand(place: Place, work: (quiet: Place, token: string) => Promise<void>): void {
    const timeouts = { firstByteMs: ERRAND_MS, idleMs: ERRAND_MS, totalMs: ERRAND_MS };
    const quiet = { ...place, surface: { ...place.surface, timeouts }, signal: new AbortController().signal };
    // The token of the call may have expired while the answer was read.
    const errand = this.#sessions
      .of(place.credential)
      .token(quiet)
      .then((token) => work(quiet, token))
      .catch(() => {})
      .finally(() => this.#errands.delete(errand));
    this.#errands.add(errand);
  }

  #knownName({ model = DEFAULT_MODEL }: ChatRequest): WebName | undefined {
    return readWebName(model) ?? readWebName(model, this.#live.models);
  }

  async #listedName(request: ChatRequest, place: Place, token: string): Promise<WebName> {
    const asked = request.model ?? DEFAULT_MODEL;
    if (optionsOf(place).protocol !== 'classic') await this.#refreshList(place, token);
    const live = this.#knownName(request);
    if (live) return live;
    throw new GatewayError('upstream_model_not_found', {
      message: `The web chat has no model '${asked.slice(0, 100)}'.`,
      surface: place.surface.id,
      param: 'model',
    });
  }

  /** A server without the list still has the table's models. */
  async #refreshList(place: Place, token: string): Promise<void> {
    const now = place.clock.now();
    if (now < this.#live.until) return;
    try {
      this.#live = { models: await fetchWebModels(place, token), until: now + LIST_MS };
    } catch (thrown) {
      if (!(thrown instanceof ProtocolAbsent)) throw thrown;
    }
  }
}

const mayDelete = ({ chat }: ChatSend, { cleanup }: WebOptions): boolean => cleanup === 'delete' && chat === undefined;

function optionsOf({ surface }: Place): WebOptions {
  return webOptions(surface.web, `${surface.origin}${surface.path}`);
}

function readRequest(body: Buffer): ChatRequest {
  const request = parseObject(body.toString('utf8'));
  if (request === undefined) throw new GatewayError('invalid_json');
  return request as ChatRequest;
}

/** Streaming errors ride on HTTP 200 in Connect, so a method that is not there may also say so at the end of a stream. */
function isAbsent(thrown: unknown): thrown is ProtocolAbsent | GatewayError {
  if (thrown instanceof ProtocolAbsent) return true;
  return thrown instanceof GatewayError && textAt(thrown.details.extra, 'upstream', 'code') === 'unimplemented';
}

function absent(thrown: ProtocolAbsent | GatewayError): GatewayError {
  const refusal = thrown instanceof ProtocolAbsent ? thrown.refusal : thrown;
  const hint =
    'Check `base_url` and `protocol` of the surface: mainland accounts live at www.kimi.com, others at www.kimi.ai.';
  const code = refusal.code === 'not_found' ? 'upstream_error' : refusal.code;
  return new GatewayError(code, { ...refusal.details, hint });
}

/**
 * A stateless call makes its own chat, so another try makes another one; only a conversation can be gone for good. One that
 * is gone may also answer with nothing (LLM-Red-Team/kimi-free-api issue 160).
 */
function forChat(error: GatewayError, { chat }: ChatSend): GatewayError {
  if (chat !== undefined && chat !== 'new')
    return isEmpty(error) ? new GatewayError('not_found', error.details) : error;
  return error.code === 'not_found' ? new GatewayError('upstream_error', error.details) : error;
}
