import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator, WEB_DIRECTIVES, WEB_FAULT_NAMES } from '../index.ts';
import { at } from '../sim-client.ts';
import { END_OF_STREAM, frame } from './envelope.ts';

let simulator: Simulator;
let now = 1_800_000_000_000;
let token = '';

beforeEach(async () => {
  now = 1_800_000_000_000;
  simulator = await startSimulator({ now: () => now, webAccounts: [{ id: 'owner' }, { id: 'other', research: 1 }] });
  token = simulator.webAccount().logIn().accessToken;
});
afterEach(() => simulator.close());

const call = (path: string, body?: unknown, bearer = token, method = body === undefined ? 'GET' : 'POST') =>
  fetch(`${simulator.webBaseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });

async function newChat(bearer = token): Promise<string> {
  const response = await call('/api/chat', { name: 'x', is_example: false }, bearer);
  return String(at(await response.json(), 'id'));
}

const classicBody = (content: string, more = {}) => ({
  model: 'k1.5',
  use_search: true,
  messages: [{ role: 'user', content }],
  ...more,
});

async function classic(content: string, id?: string): Promise<Record<string, unknown>[]> {
  const response = await call(`/api/chat/${id ?? (await newChat())}/completion/stream`, classicBody(content));
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => (line === 'data: [DONE]' ? { event: '[DONE]' } : JSON.parse(line.slice(6))));
}

const connectBody = (content: string, more = {}) => ({
  scenario: 'SCENARIO_CHAT',
  tools: [{ type: 'TOOL_TYPE_SEARCH', search: {} }],
  message: { role: 'user', blocks: [{ message_id: '', text: { content } }], scenario: 'SCENARIO_CHAT' },
  options: { thinking: true, model: 'k2d6-chat' },
  ...more,
});

const CHAT = '/apiv2/kimi.gateway.chat.v1.ChatService/Chat';

function connectCall(body: unknown, bearer = token): Promise<Response> {
  return fetch(`${simulator.webBaseUrl}${CHAT}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/connect+json' },
    body: new Uint8Array(frame(Buffer.from(JSON.stringify(body)))),
  });
}

async function framesOf(response: Response): Promise<[flags: number, value: unknown][]> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const frames: [number, unknown][] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 5 + bytes.readUInt32BE(start + 1);
    const text = bytes.subarray(start + 5, end).toString();
    frames.push([bytes.readUInt8(start), text === '' ? '' : JSON.parse(text)]);
    start = end;
  }
  return frames;
}

const connect = async (content: string, more = {}) => framesOf(await connectCall(connectBody(content, more)));

test('a token lives for 15 minutes, and both protocols say so in their own way', async () => {
  expect((await call('/api/user')).status).toBe(200);
  now += 900_000;
  const old = await call('/api/user');
  expect([old.status, at(await old.json(), 'error_type')]).toEqual([401, 'auth.token.invalid']);
  const gone = await connectCall(connectBody('x'));
  const body: unknown = await gone.json();
  expect([gone.status, at(body, 'code'), at(body, 'details', 0, 'debug', 'reason')]).toEqual([
    401,
    'unauthenticated',
    'REASON_INVALID_AUTH_TOKEN',
  ]);
});

test('both refresh endpoints rotate, and a token that was used is refused', async () => {
  const first = simulator.webAccount().logIn().refreshToken;
  const classicAnswer: unknown = await (await call('/api/auth/token/refresh', undefined, first)).json();
  const second = String(at(classicAnswer, 'refresh_token'));
  expect((await call('/api/user', undefined, String(at(classicAnswer, 'access_token')))).status).toBe(200);
  expect((await call('/api/auth/token/refresh', undefined, first)).status).toBe(401);
  const path = '/api/account.gateway.v1.AuthService/RefreshToken';
  const third: unknown = await (await call(path, { refresh_token: second }, '')).json();
  expect((await call('/api/user', undefined, String(at(third, 'accessToken')))).status).toBe(200);
  const reused = await call(path, { refresh_token: second }, '');
  expect([reused.status, at(await reused.json(), 'message')]).toEqual([401, 'invalid claims']);
  simulator.webAccount().logOut();
  expect((await call(path, { refresh_token: at(third, 'refreshToken') }, '')).status).toBe(401);
});

test('the claims can be read, and the signature is a name', () => {
  const [, claims = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  expect(read).toMatchObject({ typ: 'access', sub: 'owner', exp: now / 1000 + 900 });
  expect(signature).toMatch(/^sim-web-access-/);
});

test('the classic stream: echo, answer id, search, thinking, text, citations, ends', async () => {
  const events = await classic('sim: think hm\nsim: say answer[^1^]\nsim: source https://a.example A page');
  expect(events.map(({ event }) => event).filter((event, index, all) => event !== all[index - 1])).toEqual([
    ...['req', 'resp', 'debug', 'search_plus', 'k1', 'cmpl', 'ref_docs', 'done', 'rename', 'all_done', '[DONE]'],
  ]);
  expect(String(events[0]?.['content'])).toContain('sim: think hm');
  const text = events.filter(({ event }) => event === 'cmpl').map((event) => event['text']);
  expect(text.join('')).toBe('answer[^1^]');
});

test('the Connect stream: chat id first, the echo, then the first text as a set', async () => {
  const frames = await connect('sim: think hm\nsim: say answer and more\nsim: source https://a.example A');
  const values = frames.map(([, value]) => value);
  expect(values.map((value) => at(value, 'mask')).filter((mask, i, all) => mask !== all[i - 1])).toEqual([
    ...['chat', 'chat.lastRequest', 'message', 'block.multiStage', 'block.search.keywords'],
    ...['block.search.webPages', 'block.think', 'block.text', 'block.text.content'],
    ...['message.refs.usedSearchChunks', 'chat.name', 'message.status', undefined],
  ]);
  expect(frames.at(-1)).toEqual([END_OF_STREAM, {}]);
  expect(at(values.at(-2), 'done')).toEqual({});
});

test('Connect conversations hang on the last answer, and nobody else may join', async () => {
  const first = await connect('Hello');
  const masks = first.map(([, value]) => value);
  const chatId = at(masks[1], 'chat', 'id');
  const parent = at(masks.filter((value) => at(value, 'mask') === 'message')[1], 'message', 'id');
  const next = connectBody('And now?', { chat_id: chatId });
  Object.assign(next.message, { parent_id: parent });
  const second = await framesOf(await connectCall(next));
  expect(JSON.stringify(second)).not.toContain('"error"');
  const orphan = await framesOf(await connectCall(connectBody('x', { chatId })));
  expect(at(orphan[0]?.[1], 'error', 'code')).toBe('invalid_argument');
  const other = simulator.webAccount('other').logIn().accessToken;
  const foreign = await framesOf(await connectCall(next, other));
  expect(at(foreign[0]?.[1], 'error', 'code')).toBe('not_found');
});

test('a bare JSON body is refused in the end-of-stream frame', async () => {
  const response = await call(CHAT, connectBody('x'));
  const [[flags, value] = [0, undefined]] = await framesOf(response);
  expect([response.status, flags, at(value, 'error', 'code')]).toEqual([200, END_OF_STREAM, 'invalid_argument']);
});

test('deleted and foreign chats, overlap, research quota', async () => {
  const id = await newChat();
  const other = simulator.webAccount('other').logIn().accessToken;
  expect((await call(`/api/chat/${id}/completion/stream`, classicBody('x'), other)).status).toBe(404);
  const slow = call(`/api/chat/${id}/completion/stream`, classicBody('sim: say-n 9\nsim: pause 20'));
  await slow;
  const overlap = await call(`/api/chat/${id}/completion/stream`, classicBody('x'));
  expect(at(await overlap.json(), 'error_type')).toBe('chat.user_stream_pushing');
  await (await slow).text();
  expect((await call(`/api/chat/${id}`, undefined, token, 'DELETE')).status).toBe(200);
  const gone = await call(`/api/chat/${id}/completion/stream`, classicBody('x'));
  expect([gone.status, at(await gone.json(), 'message')]).toEqual([404, '这个会话不存在']);
  const silent = await call(`/api/chat/${id}/completion/stream`, classicBody('sim: empty'));
  expect([silent.status, await silent.text()]).toEqual([200, '']);
  const research = classicBody('x', { use_research: true });
  const mine = await newChat(other);
  await (await call(`/api/chat/${mine}/completion/stream`, research, other)).text();
  expect((await call(`/api/chat/${mine}/completion/stream`, research, other)).status).toBe(429);
  const usage: unknown = await (await call('/api/chat/research/usage', undefined, other)).json();
  expect(usage).toEqual({ remain: 0, total: 1, used: 1 });
});

test('every fault, in both protocols', async () => {
  for (const name of WEB_FAULT_NAMES) {
    const id = await newChat();
    const plain = await call(`/api/chat/${id}/completion/stream`, classicBody(`sim: fault ${name}`));
    expect(plain.status).toBeGreaterThanOrEqual(400);
    expect(at(await plain.json(), 'error_type')).toEqual(expect.any(String));
    const framed = await connect(`sim: fault-200 ${name}`);
    expect(at(framed[0]?.[1], 'error', 'details', 0, 'debug', 'reason')).toEqual(expect.any(String));
  }
  const limited = await call(`/api/chat/${await newChat()}/completion/stream`, classicBody('sim: limit 7'));
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  const moved = await call(`/api/chat/${await newChat()}/completion/stream`, classicBody('sim: redirect http://b/'));
  expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://b/']);
});

test('a flattened conversation is read by its role marks', async () => {
  const prompt =
    '[System]\nBe short.\n\n[User]\nsim: say one\nsim: turn 2\nsim: say two\n\n[Assistant]\none\n\n[User]\nnext';
  const text = (await classic(prompt)).filter(({ event }) => event === 'cmpl').map((event) => event['text']);
  expect(text.join('')).toBe('two');
});

test('the manual lists the directives and the faults', () => {
  const manual = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');
  const rows = manual.split('\n').map((line) => line.replaceAll(/ +\|/g, ' |'));
  for (const { usage, effect } of WEB_DIRECTIVES) {
    const [, protocol = 'both', what] = effect.match(/^(?:(Connect|classic): )?(.*)$/) ?? [];
    expect(rows).toContain(`| \`${usage}\` | ${protocol} | ${what} |`);
  }
  const faults = manual.match(/Faults of the web chat by name: ([^.]*)\./)?.[1];
  expect(faults?.split(/,\s+/)).toEqual(WEB_FAULT_NAMES.map((name) => `\`${name}\``));
});
