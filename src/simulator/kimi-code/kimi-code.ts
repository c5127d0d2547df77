import type { Account } from '../accounts/account.ts';
import { MESSAGES_FACE } from '../anthropic/messages-face.ts';
import { readMessagesBody } from '../anthropic/read-messages.ts';
import { answerChat, answerRequest, type ChatParts } from '../chat/answer-chat.ts';
import type { ModelFacts } from '../chat/model-facts.ts';
import { readChatRequest } from '../chat/read-request.ts';
import type { Exchange } from '../exchange.ts';
import { faultError } from '../faults.ts';
import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { contextOf, type PlatformParts, readBody } from '../platform/platform.ts';
import { invalid, modelNotFound, notFound, Refusal } from '../refusal.ts';
import type { Surface } from '../surface.ts';
import { isKnownClient } from './clients.ts';
import type { DeviceLogins } from './device-logins.ts';
import { sendMe, sendPage, sendSearch } from './extras.ts';
import { CODE_MODELS, codeModelRecord } from './models.ts';
import type { Subscriptions } from './subscription.ts';

/** Kimi Code error reference: `total message size 5943865 exceeds limit 2097152`. */
const MESSAGE_LIMIT = 2_097_152;

export interface CodeParts extends PlatformParts {
  readonly subscriptions: Subscriptions;
  readonly logins: DeviceLogins;
}

/** One region of the coding subscription: an OpenAI face for known clients, an Anthropic face for all. */
export class KimiCode implements Surface {
  readonly prefix: string;
  readonly #host: 'code' | 'code-global';
  readonly #parts: CodeParts;

  constructor(host: 'code' | 'code-global', parts: CodeParts) {
    this.#host = host;
    this.#parts = parts;
    this.prefix = host === 'code' ? '/coding/v1' : '/coding-global/v1';
  }

  async handle(exchange: Exchange): Promise<void> {
    if (!(await exchange.readBody(this.#parts.settings.maxBodyBytes))) {
      throw new Refusal({ status: 413, message: 'Request exceeds the maximum size' });
    }
    const account = this.#authenticate(exchange);
    switch (`${exchange.request.method} ${exchange.path}`) {
      case 'POST /chat/completions':
        return this.#chat(exchange, account);
      case 'POST /messages':
        return this.#messages(exchange, account);
      case 'GET /models':
        return exchange.sendJson(200, { object: 'list', data: CODE_MODELS.map(codeModelRecord) });
      case 'GET /usages':
        return exchange.sendJson(200, this.#parts.subscriptions.of(account).usages());
      case 'GET /me':
        return sendMe(exchange, account);
      case 'POST /search':
        return sendSearch(exchange, this.#parts.web);
      case 'POST /fetch':
        return sendPage(exchange, this.#parts.web);
      default:
        throw notFound('method not found');
    }
  }

  /** A key or an access token as bearer; the official client's Anthropic face sends `x-api-key` (MoonshotAI/kimi-code kosong). */
  #authenticate(exchange: Exchange): Account {
    const { authorization, 'x-api-key': own } = exchange.request.headers;
    const key = authorization?.match(/^Bearer\s+(\S+)\s*$/i)?.[1] ?? [own].flat()[0];
    const { book, logins } = this.#parts;
    const account = key === undefined ? undefined : (book.find(key) ?? logins.find(key));
    if (account?.host === this.#host) return account;
    throw new Refusal({
      status: 401,
      message: 'The API Key appears to be invalid or may have expired. Please verify your credentials and try again.',
    });
  }

  async #chat(exchange: Exchange, account: Account): Promise<void> {
    const body = readBody(exchange);
    if (!isKnownClient(exchange.request.headers['user-agent'] ?? '')) throw faultError('code-client');
    const model = this.#model(body, account);
    checkSize(body['messages']);
    checkEffort(body['reasoning_effort'] ?? effortIn(body['thinking']), model);
    await answerChat(exchange, body, contextOf(model, account, this.#parts.settings), this.#chatParts(account, model));
  }

  async #messages(exchange: Exchange, account: Account): Promise<void> {
    const body = readBody(exchange);
    // gsd-2 #4640: the SDK's own name is told that the engine is busy, for ever.
    if (exchange.request.headers['user-agent']?.startsWith('Anthropic')) throw faultError('overload');
    const model = this.#model(body, account);
    checkSize([body['system'], body['messages']]);
    checkEffort(effortIn(body['output_config']), model);
    const context = contextOf(model, account, this.#parts.settings);
    const request = readChatRequest(readMessagesBody(body), { ...context, unknownMembers: 'ignore' });
    await answerRequest(exchange, request, this.#chatParts(account, model), MESSAGES_FACE);
  }

  #model(body: JsonObject, account: Account): ModelFacts {
    const { model: id } = body;
    if (isAbsent(id) || id === '') throw invalid('Invalid request: model is required');
    const model = CODE_MODELS.find((one) => one.id === id);
    if (model === undefined || account.host !== this.#host) throw modelNotFound(String(id));
    return model;
  }

  /** The effort is not part of the cached prefix here (measured by Leechael/pi-provider-kimi-code). */
  #chatParts(account: Account, model: ModelFacts): ChatParts {
    const { memory, settings, subscriptions } = this.#parts;
    const enter = (): void => subscriptions.of(account).enter(model.id, account.inFlight);
    return { account, memory, now: settings.now, paceMs: settings.pace, enter, effortInPrefix: false };
  }
}

function effortIn(holder: unknown): unknown {
  return isObject(holder) ? holder['effort'] : undefined;
}

function checkSize(messages: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(messages ?? ''));
  if (size > MESSAGE_LIMIT) throw invalid(`total message size ${size} exceeds limit ${MESSAGE_LIMIT}`);
}

/** An effort that the model lacks was told as overload (MoonshotAI/kimi-code #1252). */
function checkEffort(effort: unknown, model: ModelFacts): void {
  if (!isAbsent(effort) && model.efforts.length === 0) throw faultError('overload');
}
