import { randomUUID } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import { parseJson } from '../json.ts';
import { BodyPipe } from './body-pipe.ts';
import { ConnectWriter } from './connect-writer.ts';
import { onlyPayload } from './envelope.ts';
import type { WebAccount } from './web-account.ts';
import { playAnswer } from './web-answer.ts';
import type { WebChat } from './web-chat.ts';
import type { WebDraft } from './web-draft.ts';
import { WebFault } from './web-fault.ts';
import { AVAILABLE_MODELS, KNOWN_SCENARIOS } from './web-models.ts';
import { either, jsonBody, member, signedIn, type WebParts } from './web-parts.ts';
import { failWith, sendEndFrame } from './web-refusal.ts';
import { draftTurn, type WebTurn } from './web-turn.ts';

/** `/apiv2/*`: one streaming method, and unary ones that speak plain JSON. */
export async function routeConnect(exchange: Exchange, parts: WebParts): Promise<void> {
  if (exchange.request.method !== 'POST') throw new WebFault('gone');
  const method = exchange.path.slice('/apiv2/'.length);
  // Anonymous callers get the list too (a client of 2026-09 says so).
  if (method === 'kimi.gateway.config.v1.ConfigService/GetAvailableModels') {
    return exchange.sendJson(200, AVAILABLE_MODELS);
  }
  const account = signedIn(exchange, parts);
  switch (method) {
    case 'kimi.gateway.chat.v1.ChatService/Chat':
      return chat(exchange, account, parts);
    case 'kimi.gateway.chat.v1.ChatService/ListMessages':
      return listMessages(exchange, account, parts);
    case 'kimi.chat.v1.ChatService/ListChats':
      return exchange.sendJson(200, { chats: parts.chats.of(account).map(({ id, name }) => ({ id, name })) });
    // The older service name, beside the newer one of the call itself.
    case 'kimi.chat.v1.ChatService/DeleteChat': {
      const id = String(either(jsonBody(exchange), 'chat_id') ?? '');
      if (!parts.chats.delete(id, account)) throw new WebFault('gone');
      return exchange.sendJson(200, {});
    }
    case 'kimi.gateway.order.v1.SubscriptionService/GetSubscription':
      return exchange.sendJson(200, { subscription: { goods: { title: 'Simulated' }, status: 'ACTIVE' } });
    case 'kimi.gateway.account.v1.UserService/GetCurrentUser':
      return exchange.sendJson(200, { user: { id: account.id, region: account.region } });
    case 'kimi.gateway.membership.v2.MembershipService/GetSubscriptionStats':
      return exchange.sendJson(200, {
        subscriptionBalance: { amountUsedRatio: 0.1, expireTime: '2026-12-31T00:00:00Z' },
      });
    default:
      return exchange.sendJson(404, { code: 'unimplemented', message: `${method} is not implemented` });
  }
}

/** Newest first; there is no page to ask for. */
function listMessages(exchange: Exchange, account: WebAccount, { chats }: WebParts): void {
  const found = chats.find(String(either(jsonBody(exchange), 'chat_id') ?? ''), account);
  if (found === undefined) throw new WebFault('gone');
  const messages = found.messages.toReversed().map(({ id, role, text }) => ({
    ...{ id, role, status: 'MESSAGE_STATUS_COMPLETED' },
    blocks: [{ id: '1', text: { content: text } }],
  }));
  exchange.sendJson(200, { messages });
}

async function chat(exchange: Exchange, account: WebAccount, parts: WebParts): Promise<void> {
  const type = exchange.request.headers['content-type'] ?? '';
  const payload = onlyPayload(exchange.raw);
  // A bare JSON body is answered 200 with a failure in the end-of-stream frame (measured 2026-09-21).
  if (!type.startsWith('application/connect+json') || payload === undefined) return sendEndFrame(exchange, 'bad');
  const parsed = parseJson(payload.toString('utf8'));
  const body = parsed.ok ? parsed.value : undefined;
  const turn = readTurn(body);
  if (turn === undefined) return sendEndFrame(exchange, 'bad');
  const id = either(body, 'chat_id');
  const known = typeof id === 'string' && id !== '' ? parts.chats.find(id, account) : undefined;
  const draft = draftTurn(turn, known, parts.memory);
  if (draft.delayMs > 0) await exchange.sleep(draft.delayMs);
  if (draft.failure !== undefined) return failWith(exchange, draft.failure, 'connect');
  if (typeof id === 'string' && id !== '' && known === undefined && !draft.empty) {
    return sendEndFrame(exchange, 'gone');
  }
  if (known?.streaming === true) return sendEndFrame(exchange, 'overlap');
  const parent = either(member(body, 'message'), 'parent_id');
  const place = known ?? parts.chats.create(account, 'uuid', turn.prompt.slice(0, 10).toWellFormed());
  if (!isAnswerOf(place, parent)) return sendEndFrame(exchange, 'bad');
  await stream(exchange, { turn, chat: place, draft, paceMs: parts.settings.pace });
}

/** The next turn hangs on the last answer of the chat; the first one on nothing. */
function isAnswerOf({ messages }: WebChat, parent: unknown): boolean {
  if (parent === undefined || parent === '') return messages.length === 0;
  return messages.some(({ id, role }) => id === parent && role === 'assistant');
}

async function stream(
  exchange: Exchange,
  { turn, chat: place, draft, paceMs }: { turn: WebTurn; chat: WebChat; draft: WebDraft; paceMs: number },
): Promise<void> {
  exchange.begin(200, {
    'content-type': 'application/connect+json',
    ...(draft.gzip ? { 'content-encoding': 'gzip' } : {}),
    ...(draft.compressedFrames ? { 'connect-content-encoding': 'gzip' } : {}),
  });
  const ids = { question: randomUUID(), answer: randomUUID(), group: randomUUID() };
  const answer = { exchange, pipe: new BodyPipe(exchange, draft), draft, turn, chat: place, ids, paceMs };
  await playAnswer(answer, new ConnectWriter(answer));
}

/** A `messages` array is ignored (measured): the one message counts, and of it the text blocks. */
function readTurn(body: unknown): WebTurn | undefined {
  const message = member(body, 'message');
  const blocks = member(message, 'blocks');
  if (!Array.isArray(blocks) || !KNOWN_SCENARIOS.includes(String(member(body, 'scenario')))) return undefined;
  const texts = blocks.map((block: unknown) => member(member(block, 'text'), 'content'));
  const prompt = texts.filter((text) => typeof text === 'string').join('');
  if (prompt === '') return undefined;
  const tools = member(body, 'tools');
  const options = member(body, 'options');
  return {
    prompt,
    model: String(member(options, 'model') ?? member(body, 'scenario')),
    thinking: member(options, 'thinking') === true,
    search: Array.isArray(tools) && tools.some((tool) => member(tool, 'type') === 'TOOL_TYPE_SEARCH'),
  };
}
