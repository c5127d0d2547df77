import type { Exchange } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import { BodyPipe } from './body-pipe.ts';
import { ClassicWriter } from './classic-writer.ts';
import type { WebAccount } from './web-account.ts';
import { playAnswer } from './web-answer.ts';
import { shortId, type WebChat } from './web-chat.ts';
import type { WebDraft } from './web-draft.ts';
import { WebFault } from './web-fault.ts';
import { bearerOf, jsonBody, member, signedIn, type WebParts } from './web-parts.ts';
import { failWith } from './web-refusal.ts';
import { draftTurn, type WebTurn } from './web-turn.ts';

const CHAT_PATH = /^\/api\/chat\/([0-9a-z]{20})(\/[a-z/_]+)?$/;

/** `/api/*`: the REST and event-stream protocol that the first proxies speak. */
export async function routeClassic(exchange: Exchange, parts: WebParts): Promise<void> {
  const name = `${exchange.request.method} ${exchange.path}`;
  // The only call that takes the refresh token as its Bearer.
  if (name === 'GET /api/auth/token/refresh') return refreshByBearer(exchange, parts);
  // The newer host's exchange needs no Authorization; here it shares the address.
  if (name === 'POST /api/account.gateway.v1.AuthService/RefreshToken') return refreshByBody(exchange, parts);
  const account = signedIn(exchange, parts);
  switch (name) {
    case 'GET /api/user':
      return exchange.sendJson(200, { id: account.id, name: account.id, status: 'active' });
    case 'POST /api/chat':
      return createChat(exchange, account, parts);
    case 'POST /api/chat/list':
      return exchange.sendJson(200, { items: parts.chats.of(account).map(({ id, name: title }) => ({ id, title })) });
    case 'GET /api/chat/research/usage':
      return exchange.sendJson(200, researchUsage(account));
    default:
      return routeChat(exchange, account, parts);
  }
}

function refreshByBearer(exchange: Exchange, { accounts }: WebParts): void {
  const found = accounts.exchange(bearerOf(exchange));
  if (found === undefined) throw new WebFault('expired');
  if (found.account.flagged) throw new WebFault('flagged');
  const { accessToken, refreshToken } = found.tokens;
  exchange.sendJson(200, { access_token: accessToken, refresh_token: refreshToken });
}

/** Both tokens rotate, and an old one is met with "invalid claims" (jndavidz/aurora measured it). */
function refreshByBody(exchange: Exchange, { accounts }: WebParts): void {
  const found = accounts.exchange(String(member(jsonBody(exchange), 'refresh_token') ?? ''));
  if (found === undefined) exchange.sendJson(401, { code: 'unauthenticated', message: 'invalid claims' });
  else exchange.sendJson(200, found.tokens);
}

function createChat(exchange: Exchange, account: WebAccount, { chats }: WebParts): void {
  const { name } = jsonBody(exchange);
  if (typeof name !== 'string') throw new WebFault('bad');
  const chat = chats.create(account, 'short', name);
  exchange.sendJson(200, { id: chat.id, name, type: 'chat', status: 'normal', is_example: false });
}

const researchUsage = ({ research }: WebAccount): Record<string, number> => ({
  remain: research.total - research.used,
  total: research.total,
  used: research.used,
});

async function routeChat(exchange: Exchange, account: WebAccount, parts: WebParts): Promise<void> {
  const [, id = '', tail = ''] = CHAT_PATH.exec(exchange.path) ?? [];
  const name = `${exchange.request.method} ${tail}`;
  if (name === 'POST /completion/stream') return complete(exchange, account, id, parts);
  const chat = parts.chats.find(id, account);
  if (chat === undefined) throw new WebFault('gone');
  switch (name) {
    case 'GET ':
      return exchange.sendJson(200, { id, name: chat.name });
    case 'PUT ':
      chat.name = String(member(jsonBody(exchange), 'name') ?? chat.name);
      return exchange.sendJson(200, { id, name: chat.name });
    case 'DELETE ':
      parts.chats.delete(id, account);
      return exchange.sendJson(200, {});
    case 'POST /cancel':
      chat.cancelled.add(String(member(jsonBody(exchange), 'segment_id') ?? ''));
      return exchange.sendJson(200, {});
    case 'POST /segment/scroll':
      return exchange.sendJson(200, { items: chat.messages.map(({ id: at, role, text }) => ({ id: at, role, text })) });
    default:
      throw new WebFault('gone');
  }
}

async function complete(exchange: Exchange, account: WebAccount, id: string, parts: WebParts): Promise<void> {
  const body = jsonBody(exchange);
  const turn = readTurn(body);
  const chat = parts.chats.find(id, account);
  const draft = draftTurn(turn, chat, parts.memory);
  if (draft.delayMs > 0) await exchange.sleep(draft.delayMs);
  if (draft.failure !== undefined) return failWith(exchange, draft.failure, 'classic');
  if (chat === undefined) {
    if (!draft.empty) throw new WebFault('gone');
    exchange.begin(200, HEADERS);
    exchange.response.end();
    return;
  }
  if (chat.streaming) throw new WebFault('overlap');
  if (body['use_research'] === true || body['use_deep_research'] === true) spendResearch(account);
  await stream(exchange, { turn, chat, draft, paceMs: parts.settings.pace });
}

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

async function stream(
  exchange: Exchange,
  { turn, chat, draft, paceMs }: { turn: WebTurn; chat: WebChat; draft: WebDraft; paceMs: number },
): Promise<void> {
  exchange.begin(200, draft.gzip ? { ...HEADERS, 'content-encoding': 'gzip' } : HEADERS);
  const ids = { question: shortId(), answer: shortId(), group: shortId() };
  const answer = { exchange, pipe: new BodyPipe(exchange, draft), draft, turn, chat, ids, paceMs };
  await playAnswer(answer, new ClassicWriter(answer));
}

export function spendResearch({ research }: WebAccount): void {
  if (research.used >= research.total) throw new WebFault('research');
  research.used += 1;
}

/** Only the first message counts: clients that send several lose the rest (kimi-free-api). */
function readTurn(body: JsonObject): WebTurn {
  const list = body['messages'];
  const prompt = member(Array.isArray(list) ? list[0] : undefined, 'content');
  if (typeof prompt !== 'string' || prompt === '') throw new WebFault('bad');
  const model = String(body['model'] ?? 'k2');
  return { prompt, model, thinking: model === 'k1.5', search: body['use_search'] === true };
}
