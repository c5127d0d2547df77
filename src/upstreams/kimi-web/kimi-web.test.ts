import { createServer } from 'node:http';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fold } from '../../chat/fold.ts';
import { systemClock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import type { ChatReply, ChatSend } from '../adapter.ts';
import { KimiWeb } from './kimi-web.ts';
import { Sessions, type WebCredential } from './session.ts';
import type { WebChat } from './web-chat.ts';
import type { WebOptions } from './web-options.ts';

let simulator: Simulator;
let now = 1_800_000_000_000;
let adapter: KimiWeb;
let secret = '';
let options: Partial<WebOptions> = {};
const dispatcher = new Agent();
const clock = { ...systemClock, now: () => now };

beforeEach(async () => {
  now = 1_800_000_000_000;
  simulator = await startSimulator({ now: () => now });
  adapter = new KimiWeb();
  secret = simulator.webAccount().logIn().refreshToken;
  options = {};
});
afterEach(() => simulator.close());

const credential = (id = 'web#1', text = secret): WebCredential => ({
  ...{ id, surface: 'kimi-web', account: id, headers: {} },
  secret: { reveal: () => text, toString: () => '…' },
});

function place(more: Partial<ChatSend> = {}): Omit<ChatSend, 'body'> {
  const url = new URL(simulator.webBaseUrl);
  const timeouts = { firstByteMs: 5_000, idleMs: 300, totalMs: 10_000 };
  const surface = { id: 'kimi-web', kind: 'web', origin: url.origin, path: url.pathname, headers: {} } as const;
  return {
    surface: { ...surface, timeouts, dispatcher, adapter, web: options },
    ...{ credential: credential(), clock, stream: true, signal: new AbortController().signal },
    ...more,
  };
}

const send = (body: unknown, more: Partial<ChatSend> = {}): Promise<ChatReply> =>
  adapter.sendChat({ ...place(more), body: Buffer.from(JSON.stringify(body)) });

const user = (content: string, more = {}) => ({ model: 'k2', messages: [{ role: 'user', content }], ...more });

interface Answer {
  readonly content: unknown;
  readonly reasoning: unknown;
  readonly finish: unknown;
  readonly message: Readonly<Record<string, unknown>>;
  readonly usage: unknown;
  readonly chunks: readonly Record<string, unknown>[];
}

async function read(reply: ChatReply): Promise<Answer> {
  const reader = new SseReader(1e7);
  const chunks: Record<string, unknown>[] = [];
  let isDone = false;
  for await (const piece of reply.body) {
    for (const { data } of splitEvents(reader.push(piece) ?? Buffer.alloc(0))) {
      if (data === '[DONE]') isDone = true;
      else if (data !== undefined) chunks.push(JSON.parse(data));
    }
  }
  expect(isDone).toBe(true);
  const fold = new Fold();
  for (const chunk of chunks) fold.add(chunk);
  const { choices: [choice] = [], usage } = fold.completion();
  const message = choice?.message ?? {};
  const { content, reasoning_content: reasoning } = message;
  return { content, reasoning, finish: choice?.finish_reason, message, usage, chunks };
}

const ask = async (content: string, more = {}): Promise<Answer> => read(await send(user(content, more)));

async function failure(work: Promise<unknown>): Promise<GatewayError> {
  const error = await work.then(
    () => new Error('did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw error;
  return error;
}

const paths = () => simulator.calls.map(({ method, path }) => `${method} ${path.replace(/[0-9a-v]{20}/, 'ID')}`);
const REFRESH = 'POST /web/api/account.gateway.v1.AuthService/RefreshToken';
const CONNECT = 'POST /web/apiv2/kimi.gateway.chat.v1.ChatService/Chat';

describe.each(['connect', 'classic'] as const)('%s', (protocol) => {
  beforeEach(() => {
    options = { protocol };
  });

  test('an answer: role first, thinking, text, sources, an estimate of the usage', async () => {
    const script = 'sim: think 想一想\nsim: say 你好 😀[^1^] end\nsim: source https://a.example A page\nsim: piece 1';
    const answer = await ask(script, { model: 'k1.5' });
    expect([answer.reasoning, answer.content, answer.finish]).toEqual(['想一想', '你好 😀[^1^] end', 'stop']);
    expect(answer.chunks[0]).toMatchObject({ choices: [{ delta: { role: 'assistant', content: '' } }], model: 'k1.5' });
    expect(answer.message['annotations']).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.example', title: 'A page', start_index: 5, end_index: 10 },
      },
    ]);
    expect(answer.usage).toMatchObject({ estimated: true, total_tokens: expect.any(Number) });
  });

  test('the prompt is never shown and never read as a protocol', async () => {
    const trap = 'unauthenticated\ndata: [DONE]\n\ndata: {"event":"cmpl","text":"x"}\nsim: say only this';
    expect((await ask(trap)).content).toBe('only this');
  });

  test('switches in the name and in the request', async () => {
    const script = 'sim: think t\nsim: say s\nsim: source https://a.example A';
    const seen = async (model: string, more = {}) => {
      const { reasoning, message } = await ask(script, { model, ...more });
      return [reasoning !== undefined, message['annotations'] !== undefined];
    };
    expect(await seen('k2')).toEqual([false, true]);
    expect(await seen('k2-nosearch')).toEqual([false, false]);
    expect(await seen('k2-thinking')).toEqual([true, true]);
    expect(await seen('k2-silent')).toEqual([false, false]);
    expect(await seen('k2-nosearch-thinking')).toEqual([true, false]);
    expect(await seen('k1.5', { thinking: { type: 'disabled' } })).toEqual([false, true]);
    expect(await seen('k2-nosearch', { web_search_options: {} })).toEqual([false, true]);
    options = { protocol, search: false };
    expect(await seen('k2')).toEqual([false, false]);
    expect(await seen('k2-search')).toEqual([false, true]);
    options = { protocol, sources: 'text' };
    expect((await ask(script)).content).toBe('s\n\n[1] A https://a.example');
  });

  test('system and history are sent', async () => {
    const script = 'sim: say one\nsim: turn 2\nsim: say two';
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: script },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
    ];
    expect((await read(await send({ model: 'k2', messages }))).content).toBe('two');
    expect(simulator.calls.at(-1)?.rawBody).toContain('[System]\\nBe short.');
  });

  test('a conversation goes on where it was', async () => {
    const first = await send(user('sim: say one\nsim: turn 2\nsim: say two'), { chat: 'new' });
    await read(first);
    const chat = first.chat?.() as WebChat;
    expect(chat).toMatchObject({ protocol, chatId: expect.any(String), parentId: expect.any(String) });
    const messages = [
      { role: 'user', content: 'sim: say one' },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: 'And now?' },
    ];
    const second = await send({ model: 'k2', messages }, { chat });
    expect((await read(second)).content).toBe('two');
    expect(simulator.calls.at(-1)?.rawBody).not.toContain('sim: say one');
    expect(second.chat?.()).toMatchObject({ chatId: chat.chatId });
    const gone = await failure(send(user('x'), { chat: { ...chat, chatId: 'a'.repeat(20) } }));
    expect([gone.code, gone.status]).toEqual(['not_found', 404]);
  });

  test('cleans up after stateless calls only', async () => {
    options = { protocol, cleanup: 'delete' };
    const kept = await send(user('sim: say kept'), { chat: 'new' });
    await read(kept);
    await ask('sim: say gone');
    await adapter.idle();
    const deletions = simulator.calls.filter(({ method, path }) => method === 'DELETE' || path.endsWith('DeleteChat'));
    expect(deletions.map(({ status }) => status)).toEqual([200]);
    const chat = kept.chat?.() as WebChat;
    expect((await read(await send(user('sim: say still here'), { chat }))).content).toBe('still here');
  });

  test.each([
    ['expired', 'upstream_auth'],
    ['flagged', 'account_terminated'],
    ['forbidden', 'upstream_permission'],
    ['anonymous', 'upstream_auth'],
    ['overlap', 'rate_limited'],
    ['overload', 'overloaded'],
    ['full', 'context_length_exceeded'],
    ['filter', 'content_filter'],
    ['model-limit', 'rate_limited'],
    ['gone', 'upstream_error'],
    ['bad', 'upstream_refused'],
    ['broken', 'upstream_error'],
  ])('%s is %s, as a status, with status 200, and inside the stream', async (name, code) => {
    expect((await failure(send(user(`sim: fault ${name}`)))).code).toBe(code);
    expect((await failure(send(user(`sim: fault-200 ${name}`)))).code).toBe(code);
    expect((await failure(send(user(`sim: fail-after ${name} 0`)))).code).toBe(code);
  });

  test('a failure after some text is thrown behind the text', async () => {
    const reply = await send(user('sim: say some text\nsim: fail-after overload\nsim: pause 5'));
    const pieces: Buffer[] = [];
    const error = await failure(
      (async () => {
        for await (const piece of reply.body) pieces.push(piece);
      })(),
    );
    expect(error.code).toBe('overloaded');
    expect(Buffer.concat(pieces).toString()).toContain('some');
  });

  test('withdrawn text ends as content_filter, and its sentence is not shown', async () => {
    const answer = await ask('sim: say bad words\nsim: retract 2');
    expect([answer.content, answer.finish]).toEqual(['bad word', 'content_filter']);
    expect((await failure(send(user('sim: retract 0')))).code).toBe('content_filter');
  });

  test('ends that are none', async () => {
    const empty = await failure(send(user('sim: empty')));
    expect([empty.code, empty.status]).toEqual(['stream_cut', 502]);
    const silent = await failure(send(user('sim: say ')));
    expect([silent.code, silent.status, silent.message]).toEqual([
      ...['upstream_error', 502, 'The web chat answered with nothing.'],
    ]);
    for (const end of ['end-early', 'cut', 'end-early 1']) {
      const reply = await send(user(`sim: say some text\nsim: ${end}\nsim: pause 5`));
      expect((await failure(read(reply))).code).toBe('stream_cut');
    }
    expect((await ask('sim: say in\nsim: done 0\nsim: say  two')).content).toBe('in two');
    expect((await ask('sim: say x\nsim: no-done')).content).toBe('x');
    expect((await ask('sim: say x\nsim: no-all-done')).content).toBe('x');
    expect((await ask('sim: say x\nsim: no-end')).content).toBe('x');
  });

  test('limits, with and without Retry-After; redirects are not followed', async () => {
    const told = await failure(send(user('sim: limit 7')));
    const untold = await failure(send(user('sim: limit')));
    expect([told.details.retryAfterMs, untold.details.retryAfterMs]).toEqual([7_000, 60_000]);
    const calls: string[] = [];
    const other = createServer((request, response) => {
      calls.push(String(request.headers.authorization));
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const moved = await failure(send(user(`sim: redirect http://127.0.0.1:${port}/web`)));
    other.close();
    expect([moved.code, calls]).toEqual(['upstream_redirect', []]);
  });

  test('heartbeats keep a slow answer alive, silence ends it', async () => {
    const slow = 'sim: delay 1\nsim: say ab\nsim: piece 1\nsim: pause 500\nsim: heartbeat 100';
    expect((await ask(slow)).content).toBe('ab');
    const stalled = await send(user('sim: say ab\nsim: stall 1\nsim: piece 1'));
    expect((await failure(read(stalled))).code).toBe('idle_timeout');
  });

  test('a client that leaves stops the call, and the generation where that is possible', async () => {
    const controller = new AbortController();
    const reply = await send(user('sim: say-n 50\nsim: pause 20'), { signal: controller.signal });
    const reading = failure(read(reply));
    controller.abort();
    expect((await reading).code).toBe('client_closed');
    await adapter.idle();
    await expect.poll(() => simulator.calls.filter(({ aborted }) => aborted).length).toBe(1);
    const cancelled = simulator.calls.filter(({ path }) => path.endsWith('/cancel'));
    expect(cancelled.map(({ status }) => status)).toEqual(protocol === 'classic' ? [200] : []);
    const left = await send(user('sim: say-n 50\nsim: pause 20'));
    await left.body[Symbol.asyncIterator]().return?.();
    await adapter.idle();
    await expect.poll(() => simulator.calls.filter(({ aborted }) => aborted).length).toBe(2);
  });

  test('emulated tools: a call comes back as tool_calls, its result as text', async () => {
    const call = '<tool_calls>[{"name": "look_up", "arguments": {"city": "Paris"}}]</tool_calls>';
    const script = `sim: say Let me see.\\n${call}\nsim: turn 2\nsim: say It is sunny.`;
    const tools = [
      { type: 'function', function: { name: 'look_up', parameters: { type: 'object', required: ['city'] } } },
    ];
    const refused = await failure(send(user(script, { tools })));
    expect([refused.code, refused.message]).toEqual(['unsupported_by_surface', expect.stringContaining('moonshot-cn')]);
    options = { protocol, tools: 'emulate' };
    const first = await ask(script, { tools });
    expect([first.content, first.finish]).toEqual(['Let me see.', 'tool_calls']);
    expect(first.message['tool_calls']).toEqual([
      { id: expect.any(String), type: 'function', function: { name: 'look_up', arguments: '{"city":"Paris"}' } },
    ]);
    const messages = [
      { role: 'user', content: script },
      first.message,
      { role: 'tool', tool_call_id: 'call_1', content: '25 degrees' },
    ];
    const second = await read(await send({ model: 'k2', tools, messages }));
    expect([second.content, second.finish]).toEqual(['It is sunny.', 'stop']);
    expect(simulator.calls.at(-1)?.rawBody).toContain('25 degrees');
  });
});

describe.each(['connect', 'classic'] as const)('%s over the network', (protocol) => {
  const text = '你好 😀, data: [DONE]';

  test.each(['split 1', 'split 7', 'gzip', 'gzip\nsim: split 1', 'crlf\nsim: split 3', 'giant 300000'])(
    'the text is exact with %s',
    async (line) => {
      options = { protocol };
      const answer = await ask(`sim: think 想\nsim: say ${text}\nsim: ${line}`, { model: 'k1.5' });
      const giant = line.startsWith('giant') ? 'x'.repeat(300_000) : '';
      expect([answer.reasoning, answer.content]).toEqual(['想', `${text}${giant}`]);
    },
  );

  test('a chat that was made for a call that failed is deleted too', async () => {
    options = { protocol, cleanup: 'delete' };
    await failure(send(user('sim: fail-after overload 0')));
    await failure(send(user('sim: limit 1')));
    await adapter.idle();
    const deletions = simulator.calls.filter(({ method, path }) => method === 'DELETE' || path.endsWith('DeleteChat'));
    expect(deletions.map(({ status }) => status)).toEqual(protocol === 'classic' ? [200, 200] : [200]);
  });
});

describe('Connect only', () => {
  test('other answers, tools of the server, second sets, odd frames', async () => {
    options = { protocol: 'connect' };
    const odd = [
      'foreign WRONG',
      'server-tool ipython',
      'set-again',
      'zero-frames',
      'heartbeat',
      'new-form',
      'compress',
    ];
    for (const line of odd)
      expect([line, (await ask(`sim: say exactly this\nsim: ${line}`)).content]).toEqual([line, 'exactly this']);
    expect((await failure(send(user('sim: say x\nsim: huge')))).code).toBe('upstream_garbled');
    expect((await failure(send(user('sim: say x\nsim: flags 1')))).code).toBe('upstream_garbled');
    expect((await failure(send(user('sim: say x\nsim: flags 128')))).code).toBe('upstream_garbled');
  });

  test('private citation marks are taken out wherever they are cut', async () => {
    const script = 'sim: say a\nsim: cite-private 1\nsim: say b\nsim: source https://a.example A\nsim: piece 1';
    expect((await ask(script)).content).toBe('ab');
  });

  test('models of the surface’s own list are served', async () => {
    const listed = await adapter.listModels(place());
    const ids = listed.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['k2', 'k1.5', 'k2-nosearch', 'k2d6-chat-thinking']));
    await ask('sim: say x', { model: 'k2d6-chat-thinking' });
    expect(simulator.calls.at(-1)?.rawBody).toContain('"thinking":true');
    expect((await failure(send(user('x', { model: 'gpt-9' })))).code).toBe('upstream_model_not_found');
  });
});

describe('classic only', () => {
  test('the output limit', async () => {
    options = { protocol: 'classic' };
    expect((await ask('sim: say x\nsim: length')).finish).toBe('length');
  });
});

describe('the protocol is found', () => {
  test('Connect first; where it is absent the older one, remembered for the credential', async () => {
    expect((await ask('sim: say x')).content).toBe('x');
    expect(paths()).toEqual([REFRESH, CONNECT]);
    simulator.reset();
    const match = ({ path }: { path: string }) => path.includes('/apiv2/');
    simulator.fail({ times: 9, fault: { status: 404, message: 'no such path' }, match });
    expect((await ask('sim: say y')).content).toBe('y');
    expect((await ask('sim: say z')).content).toBe('z');
    const classic = ['POST /web/api/chat', 'POST /web/api/chat/ID/completion/stream'];
    expect(paths()).toEqual([CONNECT, ...classic, ...classic]);
  });

  test('not after a refusal of another kind, and an address without either says so', async () => {
    expect((await failure(send(user('sim: fault overload')))).code).toBe('overloaded');
    expect(paths()).toEqual([REFRESH, CONNECT]);
    expect((await failure(send(user('sim: status 404 <p>')))).code).toBe('upstream_error');
  });
});

describe('tokens', () => {
  test('are renewed ahead of their end, once for all who wait, and told before they are used', async () => {
    const rotated: string[] = [];
    adapter = new KimiWeb(new Sessions({ onRotated: (id) => void rotated.push(id) }));
    await Promise.all(Array.from({ length: 8 }, () => ask('sim: say x')));
    expect([simulator.webAccount().refreshes, rotated]).toEqual([1, ['web#1']]);
    now += 700_000;
    await ask('sim: say x');
    expect(simulator.webAccount().refreshes).toBe(1);
    now += 30_000;
    await ask('sim: say x');
    expect(simulator.webAccount().refreshes).toBe(2);
  });

  test('a refused access token is replaced and the call made once more', async () => {
    await ask('sim: say x');
    expect((await ask('sim: once fault expired\nsim: say second')).content).toBe('second');
    expect((await ask('sim: once fault-200 expired\nsim: say third')).content).toBe('third');
    expect(simulator.webAccount().refreshes).toBe(3);
  });

  test('what was written is remembered by the next start; what was used elsewhere is dead', async () => {
    const store = new Map<string, { accessToken: string; refreshToken: string }>();
    const sessions = () =>
      new Sessions({ onRotated: (id, tokens) => void store.set(id, tokens), recall: (id) => store.get(id) });
    adapter = new KimiWeb(sessions());
    await ask('sim: say x');
    adapter = new KimiWeb(sessions());
    now += 900_000;
    expect((await ask('sim: say again')).content).toBe('again');
    simulator.webAccount().logOut();
    now += 900_000;
    const dead = await failure(send(user('x')));
    expect([dead.code, dead.status]).toEqual(['upstream_auth', 401]);
    const before = simulator.calls.length;
    await failure(send(user('x')));
    expect(simulator.calls).toHaveLength(before);
  });

  test('processes that share what is written use what another one renewed, and no token that is void', async () => {
    let written: { accessToken: string; refreshToken: string } | undefined;
    const process = () =>
      new KimiWeb(
        new Sessions({
          recall: async () => written,
          onRotated: async (_id, tokens) => {
            written = tokens;
          },
        }),
      );
    const processes = [process(), process(), process()];
    for (let round = 1; round <= 3; round++) {
      for (const one of processes) {
        adapter = one;
        expect((await ask('sim: say x')).content).toBe('x');
      }
      expect(simulator.webAccount().refreshes).toBe(round);
      processes.reverse();
      now += 850_000;
    }
    expect(simulator.calls.filter(({ status }) => status === 401)).toEqual([]);
  });

  test('tokens that could not be written are not given up for those that were written before', async () => {
    let written: { accessToken: string; refreshToken: string } | undefined;
    let isFull = false;
    const sessions = new Sessions({
      recall: () => written,
      onRotated: (_id, tokens) => {
        if (isFull) throw new Error('the disk is full');
        written = tokens;
      },
    });
    adapter = new KimiWeb(sessions);
    for (const full of [false, true, true, false]) {
      isFull = full;
      expect((await ask('sim: say x')).content).toBe('x');
      now += 850_000;
    }
    expect(simulator.calls.filter(({ status }) => status === 401)).toEqual([]);
    adapter = new KimiWeb(new Sessions({ recall: () => written }));
    expect((await ask('sim: say again')).content).toBe('again');
  });

  test('an access token alone, in a cookie, works until its end', async () => {
    const { accessToken } = simulator.webAccount().logIn();
    const cookie = credential('web#2', `theme=dark; kimi-auth=${accessToken}; other=1`);
    expect((await read(await send(user('sim: say x'), { credential: cookie }))).content).toBe('x');
    expect(simulator.calls.at(-1)?.headers['cookie']).toBeUndefined();
    now += 900_000;
    const error = await failure(send(user('x'), { credential: cookie }));
    expect([error.code, error.message]).toEqual(['upstream_auth', expect.stringContaining('15 minutes')]);
    expect(JSON.stringify(error)).not.toContain(accessToken);
  });

  test('the account that the simulator starts with', async () => {
    await simulator.close();
    simulator = await startSimulator({ now: () => now });
    const owner = credential('web#4', 'sim-web-refresh-owner');
    expect((await read(await send(user('sim: say x'), { credential: owner }))).content).toBe('x');
  });

  test('an API key is refused before it is sent anywhere', async () => {
    const error = await failure(send(user('x'), { credential: credential('web#3', 'sk-abc123') }));
    expect([error.code, simulator.calls.length]).toEqual(['upstream_auth', 0]);
    expect(error.message).not.toContain('abc123');
  });

  test('a credential can be checked', async () => {
    await adapter.check(place());
    simulator.webAccount().flagged = true;
    expect((await failure(adapter.check(place()))).code).toBe('account_terminated');
    options = { protocol: 'classic' };
    expect((await failure(adapter.check(place()))).code).toBe('account_terminated');
    simulator.webAccount().flagged = false;
    await adapter.check(place());
  });

  test('the older endpoint renews where the newer is absent', async () => {
    const match = ({ path }: { path: string }) => path.includes('AuthService');
    simulator.fail({ times: 1, fault: { status: 404, message: 'no such path' }, match });
    expect((await ask('sim: say x')).content).toBe('x');
    expect(paths().slice(0, 2)).toEqual([REFRESH, 'GET /web/api/auth/token/refresh']);
  });
});

test('what the web cannot do is refused with 400', async () => {
  const picture = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
  const codes = [
    await failure(send({ model: 'k2', messages: [{ role: 'user', content: picture }] })),
    await failure(send({ model: 'k2', messages: [] })),
    await failure(send({ model: 'k2', messages: [{ role: 'system', content: 'x' }] })),
    await failure(send(user('x', { n: 2 }))),
  ];
  // A picture or a second answer can be had elsewhere.
  const [other, bad] = ['unsupported_by_surface', 'invalid_request'];
  expect(codes.map(({ code, status }) => [code, status])).toEqual([other, bad, bad, other].map((code) => [code, 400]));
  expect(simulator.calls).toEqual([]);
});

test('usage in a chunk of its own for those who ask for it', async () => {
  const { chunks } = await ask('sim: say x', { stream_options: { include_usage: true } });
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { estimated: true } });
});
