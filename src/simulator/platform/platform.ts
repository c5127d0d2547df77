import type { Account, HostId } from '../accounts/account.ts';
import type { AccountBook } from '../accounts/account-book.ts';
import { answerChat, answerRequest, completionFor } from '../chat/answer-chat.ts';
import { readMessages } from '../chat/messages.ts';
import type { ModelFacts } from '../chat/model-facts.ts';
import { readChatRequest } from '../chat/read-request.ts';
import type { RuleContext } from '../chat/request.ts';
import { countPrompt } from '../chat/usage.ts';
import type { Exchange } from '../exchange.ts';
import { isAbsent, isObject, type JsonObject, parseJson } from '../json.ts';
import type { Settings } from '../options.ts';
import { invalid, modelNotFound, notFound, Refusal } from '../refusal.ts';
import { readResponsesBody } from '../responses/read-responses.ts';
import { RESPONSES_FACE } from '../responses/responses-face.ts';
import type { ScriptMemory } from '../script/play.ts';
import type { SimulatedWeb } from '../simulated-web.ts';
import type { Surface } from '../surface.ts';
import { handleBatches } from './batches.ts';
import { handleFiles } from './files.ts';
import { checkSealed, handleFormula, isFormulaPath } from './formulas.ts';
import { findModel, MODELS, modelRecord, oldModels } from './models.ts';

export interface PlatformParts {
  readonly book: AccountBook;
  readonly memory: ScriptMemory;
  readonly settings: Settings;
  readonly web: SimulatedWeb;
}

/** One host of the open platform: api.moonshot.cn and api.moonshot.ai have one contract and separate accounts. */
export class Platform implements Surface {
  readonly prefix: string;
  readonly #host: HostId;
  readonly #parts: PlatformParts;

  constructor(host: HostId, parts: PlatformParts) {
    this.#host = host;
    this.#parts = parts;
    this.prefix = `/${host}/v1`;
  }

  async handle(exchange: Exchange): Promise<void> {
    // Read first, so that a refused call is recorded with its body too.
    const isUpload = exchange.path.startsWith('/files');
    const { files, maxBodyBytes } = this.#parts.settings;
    const limit = isUpload ? files.maxBytes + 1024 * 1024 : maxBodyBytes;
    if (!(await exchange.readBody(limit))) {
      throw new Refusal({ status: 413, message: 'Request exceeds the maximum size' });
    }
    const account = this.#parts.book.authenticate(this.#host, exchange.request.headers.authorization);
    if (isUpload) return handleFiles(exchange, account, files);
    if (exchange.path.startsWith('/batches')) return this.#batches(exchange, account);
    if (isFormulaPath(exchange.path)) {
      const { web, settings } = this.#parts;
      return handleFormula(exchange, account, { web, now: settings.now(), body: () => readBody(exchange) });
    }
    await this.#route(exchange, account);
  }

  async #route(exchange: Exchange, account: Account): Promise<void> {
    switch (`${exchange.request.method} ${exchange.path}`) {
      case 'POST /chat/completions':
        return this.#chat(exchange, account);
      case 'POST /responses':
        return this.#responses(exchange, account);
      case 'POST /tokenizers/estimate-token-count':
        return this.#estimate(exchange, account);
      case 'GET /users/me/balance':
        return exchange.sendJson(200, balanceOf(account));
      case 'GET /models':
        return exchange.sendJson(200, {
          object: 'list',
          data: visibleModels(account, this.#parts.settings).map(modelRecord),
        });
      default:
        return oneModel(exchange, account, this.#parts.settings);
    }
  }

  async #chat(exchange: Exchange, account: Account): Promise<void> {
    const body = readBody(exchange);
    checkSealed(body['messages'], account);
    const { memory, settings } = this.#parts;
    const context = this.#context(requireModel(body['model'], account, this.#parts.settings), account);
    const parts = { account, memory, now: settings.now, paceMs: settings.pace };
    await answerChat(exchange, body, context, parts);
  }

  async #responses(exchange: Exchange, account: Account): Promise<void> {
    const body = readResponsesBody(readBody(exchange));
    const { memory, settings } = this.#parts;
    const context = this.#context(requireModel(body['model'], account, settings), account);
    const request = readChatRequest(body, { ...context, unknownMembers: 'ignore' });
    const parts = { account, memory, now: settings.now, paceMs: settings.pace };
    await answerRequest(exchange, request, parts, RESPONSES_FACE);
  }

  /** Batches are paid for apart, and do not count against the rate (platform docs, batch page). */
  #batches(exchange: Exchange, account: Account): void {
    const { memory, settings } = this.#parts;
    handleBatches(
      exchange,
      () => readBody(exchange),
      account,
      (body) => {
        const context = this.#context(requireModel(body['model'], account, settings), account);
        return completionFor(readChatRequest(body, context), memory, settings.now());
      },
    );
  }

  #estimate(exchange: Exchange, account: Account): void {
    const body = readBody(exchange);
    const context = this.#context(requireModel(body['model'], account, this.#parts.settings), account);
    const messages = readMessages(body['messages'], context);
    exchange.sendJson(200, { data: { total_tokens: countPrompt(messages, [], { type: 'text' }) } });
  }

  #context(model: ModelFacts, account: Account): RuleContext {
    return contextOf(model, account, this.#parts.settings);
  }
}

export function contextOf(model: ModelFacts, account: Account, { mfjs, unknownMembers }: Settings): RuleContext {
  const service = account.host.startsWith('code') ? 'coding' : 'platform';
  return { model, mfjs, unknownMembers, service, hasFile: (id) => account.files.get(id) !== undefined };
}

/** The sentences of this function are ours: the service's own were not seen. */
export function readBody(exchange: Exchange): JsonObject {
  const type = exchange.request.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) throw invalid('Invalid request: Content-Type must be application/json');
  const parsed = parseJson(exchange.raw.toString('utf8'));
  if (!parsed.ok) throw invalid(`Invalid request: the body is not valid JSON: ${parsed.reason}`);
  if (!isObject(parsed.value)) throw invalid('Invalid request: the body must be a JSON object');
  return parsed.value;
}

export function requireModel(value: unknown, account: Account, { stillServed }: Settings): ModelFacts {
  if (isAbsent(value) || value === '') throw invalid('Invalid request: model is required');
  if (typeof value !== 'string') throw invalid('Invalid request: model must be a string');
  const model = findModel(value, stillServed);
  if (model === undefined || !account.entitlements[model.series]) throw modelNotFound(value);
  return model;
}

function visibleModels(account: Account, { stillServed }: Settings): readonly ModelFacts[] {
  return [...MODELS, ...oldModels(stillServed)].filter((model) => account.entitlements[model.series]);
}

function oneModel(exchange: Exchange, account: Account, settings: Settings): void {
  const id = exchange.request.method === 'GET' ? exchange.path.match(/^\/models\/([^/]+)$/)?.[1] : undefined;
  if (id === undefined) throw notFound('The requested resource was not found');
  exchange.sendJson(200, modelRecord(requireModel(id, account, settings)));
}

function balanceOf(account: Account): Record<string, unknown> {
  const data = {
    available_balance: account.available,
    voucher_balance: account.voucher,
    cash_balance: account.cash,
  };
  return { code: 0, data, scode: '0x0', status: true };
}
