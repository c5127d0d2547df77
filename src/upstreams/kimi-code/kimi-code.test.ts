import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MessagesEncoder, toChatRequest } from '../../chat/anthropic/index.ts';
import type { ChatChunk, ChatCompletion } from '../../chat/chat.ts';
import { Fold } from '../../chat/fold.ts';
import { systemClock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { collect } from '../../stream/byte-source.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import { VERSION } from '../../version.ts';
import type { ChatReply, ChatSend, Place } from '../adapter.ts';
import type { KimiCodeOptions } from '../surface.ts';
import { chooseFace } from './choose-face.ts';
import { kimiCode } from './kimi-code.ts';
import { restsUntil, usages } from './usages.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const dispatcher = new Agent();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => NOW });
});
afterEach(() => simulator.reset());
afterAll(async () => {
  await dispatcher.destroy();
  await simulator.close();
});

interface Changes {
  readonly options?: Partial<KimiCodeOptions>;
  readonly key?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

function place({ options, key = 'sk-kimi-sim', path = '/coding', headers = {}, signal }: Changes = {}): Place {
  return {
    surface: {
      id: 'kimi-code',
      kind: 'coding',
      origin: simulator.url,
      path,
      headers,
      timeouts: { firstByteMs: 5_000, idleMs: 5_000, totalMs: 0 },
      kimiCode: { face: 'auto', region: 'cn', ...options },
      dispatcher,
      adapter: kimiCode,
    },
    credential: { id: 'c', surface: 'kimi-code', account: 'a', headers: {}, secret: { reveal: () => key } },
    clock: systemClock,
    signal: signal ?? new AbortController().signal,
  };
}

interface Asked extends Changes {
  readonly stream?: boolean;
  readonly callerAgent?: string | undefined;
  readonly more?: Record<string, unknown>;
}

function send(script: string, { stream = false, callerAgent, more = {}, ...changes }: Asked = {}): Promise<ChatReply> {
  const messages = [{ role: 'user', content: script }];
  const body = Buffer.from(JSON.stringify({ model: 'k3', messages, stream, ...more }));
  return kimiCode.sendChat({ ...place(changes), body, stream, callerAgent } satisfies ChatSend);
}

async function chunksOf(reply: ChatReply): Promise<{ chunks: ChatChunk[]; done: boolean }> {
  const reader = new SseReader(1e6);
  const chunks: ChatChunk[] = [];
  let done = false;
  for await (const piece of reply.body) {
    for (const { data } of splitEvents(reader.push(piece) ?? Buffer.alloc(0))) {
      if (data === '[DONE]') done = true;
      else if (data !== undefined) chunks.push(JSON.parse(data) as ChatChunk);
    }
  }
  return { chunks, done };
}

async function folded(reply: ChatReply): Promise<ChatCompletion> {
  const fold = new Fold();
  const { chunks, done } = await chunksOf(reply);
  for (const chunk of chunks) fold.add(chunk);
  expect(done).toBe(true);
  return fold.completion();
}

async function whole(reply: ChatReply): Promise<ChatCompletion> {
  return JSON.parse((await collect(reply.body, 1e7, () => new Error('long'))).toString()) as ChatCompletion;
}

const failure = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
};

const AGENT = 'opencode/1.18.33 ai-sdk/provider-utils/4';
const FACES = [
  ['anthropic', undefined],
  ['openai', AGENT],
] as const;
const SCRIPT =
  'sim: think Hm 你好.\nsim: say Sunny \\u{2600} day\nsim: tool get_weather {"city":"北京"}\nsim: usage 900 40 512';

describe('whom it speaks as', () => {
  const own = `moongate/${VERSION}`;
  test.each([
    [{}, undefined, 'anthropic', own],
    [{}, 'OpenAI/JS 6.1', 'anthropic', own],
    [{}, 'Anthropic/JS 1.11', 'anthropic', own],
    [{}, 'claude-cli/2.1.197 (external, cli)', 'anthropic', own],
    [{}, AGENT, 'openai', AGENT],
    [{}, 'kimi-code-cli/2.1.0', 'openai', 'kimi-code-cli/2.1.0'],
    [{}, 'opencodex/1', 'anthropic', own],
    [{ face: 'openai' }, undefined, 'openai', own],
    [{ face: 'anthropic' }, AGENT, 'anthropic', own],
    [{ userAgentVersion: '1.6' }, AGENT, 'openai', 'KimiCLI/1.6'],
    [{ face: 'anthropic', userAgentVersion: '1.6' }, AGENT, 'anthropic', own],
  ] as const)('%j, called by %s: %s as %s', async (options, callerAgent, face, agent) => {
    expect(chooseFace({ face: 'auto', region: 'cn', ...options }, callerAgent)).toMatchObject({
      face,
      userAgent: agent,
    });
    if (agent !== own || face === 'anthropic') await whole(await send('hi', { options, callerAgent }));
    const path = face === 'openai' ? '/coding/v1/chat/completions' : '/coding/v1/messages';
    if (simulator.calls.length > 0)
      expect(simulator.calls[0]).toMatchObject({ path, headers: { 'user-agent': agent } });
  });

  test('a name that nobody knows is refused with the ways out, and nothing is tried under another', async () => {
    const error = await failure(send('hi', { options: { face: 'openai' } }));
    expect([error.code, error.row.retry, error.hint]).toEqual([
      'client_refused',
      'elsewhere',
      expect.stringContaining('face: anthropic'),
    ]);
    const stale = await failure(send('hi', { options: { userAgentVersion: '1.3' } }));
    expect([stale.code, simulator.calls.length]).toEqual(['client_refused', 2]);
  });

  test('a caller that has dropped off the list still has the open way', async () => {
    const reply = await send('sim: say hi', { callerAgent: 'KimiCLI/1.3' });
    expect(reply.notes?.[0]).toContain('sent as moongate');
    expect((await whole(reply)).choices?.[0]?.message?.content).toBe('hi');
    expect(simulator.calls.map(({ path, status }) => [path, status])).toEqual([
      ['/coding/v1/chat/completions', 403],
      ['/coding/v1/messages', 200],
    ]);
  });

  test('the operator’s own header wins; both ways of writing the address are meant', async () => {
    await whole(await send('hi', { headers: { 'user-agent': 'mine/1' }, path: '/coding/v1' }));
    expect(simulator.calls[0]).toMatchObject({ path: '/coding/v1/messages', headers: { 'user-agent': 'mine/1' } });
  });
});

describe.each(FACES)('the %s face', (face, callerAgent) => {
  const expected = {
    model: 'k3',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Sunny ☀ day',
          reasoning_content: 'Hm 你好.',
          tool_calls: [
            { id: 'get_weather:0', type: 'function', function: { name: 'get_weather', arguments: '{"city":"北京"}' } },
          ],
        },
      },
    ],
    usage: { prompt_tokens: 900, completion_tokens: 40, total_tokens: 940, cached_tokens: 512 },
  };

  test('a whole answer', async () => {
    const reply = await send(SCRIPT, { callerAgent });
    expect(reply.stream).toBe(false);
    expect(await whole(reply)).toMatchObject(expected);
  });

  test.each([1, 2, 3, 5, 7, 64])('a stream cut every %i bytes, with comments and CRLF', async (size) => {
    for (const more of ['', '\nsim: heartbeat\nsim: crlf']) {
      const script = `${SCRIPT}\nsim: split ${size}${more}`;
      const reply = await send(script, {
        callerAgent,
        stream: true,
        more: { stream_options: { include_usage: true } },
      });
      expect(reply.stream).toBe(true);
      expect(await folded(reply)).toMatchObject(expected);
    }
  });

  test('the usage comes as it was asked for', async () => {
    const lastOf = async (more: Record<string, unknown>) => {
      const { chunks } = await chunksOf(await send('sim: say x', { callerAgent, stream: true, more }));
      return chunks.at(-1);
    };
    expect((await lastOf({}))?.choices?.[0]).toMatchObject({ finish_reason: 'stop', usage: { cached_tokens: 0 } });
    expect(await lastOf({ stream_options: { include_usage: true } })).toMatchObject({
      choices: [],
      usage: { cached_tokens: 0 },
    });
  });

  test('streams that break', async () => {
    const read = (script: string) =>
      send(`sim: say a b c\nsim: ${script}`, { callerAgent, stream: true }).then(chunksOf);
    expect((await failure(read('cut 2'))).code).toBe('stream_cut');
    const { chunks } = await read('error-chunk engine_overloaded_error busy');
    expect(chunks.at(-1)).toMatchObject({ error: { type: 'engine_overloaded_error', message: 'busy' } });
  });

  test('an abort reaches the surface, and so does a reader that stops', async () => {
    const controller = new AbortController();
    const reply = await send('sim: say a\nsim: stall', { callerAgent, stream: true, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect((await failure(chunksOf(reply))).code).toBe('client_closed');
    await expect.poll(() => simulator.calls[0]?.aborted).toBe(true);
    for await (const _ of (await send('sim: say a\nsim: stall', { callerAgent, stream: true })).body) break;
    await expect.poll(() => simulator.calls[1]?.aborted).toBe(true);
  });

  test('after [DONE] the rest is let go and the connection stays', async () => {
    const reply = await send('sim: say a', { callerAgent, stream: true });
    for await (const piece of reply.body) {
      if (!piece.includes('[DONE]')) continue;
      reply.body.release();
      break;
    }
    await expect.poll(() => simulator.calls[0]?.finished).toBe(true);
    expect(simulator.calls[0]?.aborted).toBe(false);
  });

  test.each([
    ['code-client', 'client_refused', 403],
    ['code-terminated', 'account_terminated', 403],
    ['code-weekly', 'quota_exhausted', 429],
    ['code-concurrency', 'concurrency_limited', 429],
    ['code-membership', 'quota_exhausted', 429],
    ['code-window', 'quota_exhausted', 429],
    ['code-monthly', 'quota_exhausted', 429],
    ['code-busy', 'rate_limited', 429],
    ['overload', 'overloaded', 429],
    ['filter', 'content_filter', 400],
    ['token-limit', 'context_length_exceeded', 400],
    ['server', 'upstream_error', 500],
    ['html-504', 'upstream_error', 504],
  ] as const)('%s is %s', async (fault, code, status) => {
    // Twice, since the open way is tried where a caller is refused.
    simulator.fail({ fault, times: 2 });
    const error = await failure(send('hi', { callerAgent }));
    expect([error.code, error.status, error.details.surface]).toEqual([code, status, 'kimi-code']);
  });

  test('refusals of the request itself', async () => {
    const code = async (more: Record<string, unknown>) => (await failure(send('hi', { callerAgent, more }))).code;
    expect(await code({ model: 'kimi-k3' })).toBe('upstream_model_not_found');
    expect(await code({ thinking: { type: 'disabled' } })).toBe('upstream_refused');
    simulator.subscription('sk-kimi-sim').locked.add('k3');
    expect(await code({})).toBe('upstream_model_not_found');
    simulator.subscription('sk-kimi-sim').locked.clear();
  });

  test('a request that is not a chat request is refused here', async () => {
    const error = await failure(send('', { callerAgent, more: { messages: [null, { anthropic: 1 }] } }));
    expect(error.code).toMatch(/invalid_request|upstream_refused/);
  });

  test('two MiB are refused before anything is sent', async () => {
    const error = await failure(send('x'.repeat(2_097_153), { callerAgent }));
    expect([error.code, error.message]).toEqual(['upstream_too_large', expect.stringContaining('at most 2097152')]);
    expect(simulator.calls).toHaveLength(0);
    expect(face).toBeTypeOf('string');
  });
});

describe('what only the Anthropic face can do wrong', () => {
  const read = (script: string) => send(`sim: say a b c\nsim: ${script}`, { stream: true }).then(chunksOf);

  test.each(['no-done', 'end-early', 'end-early 1'])('%s is a stream that was cut', async (script) => {
    expect((await failure(read(script))).code).toBe('stream_cut');
  });

  test('events and bodies that are not JSON', async () => {
    expect((await failure(read('bad-json'))).code).toBe('upstream_garbled');
    expect((await failure(send('sim: bad-json'))).code).toBe('upstream_garbled');
  });
});

test('what an Anthropic client asked comes back as it was said, through the hub', async () => {
  const { request } = toChatRequest({
    model: 'k3',
    max_tokens: 500,
    stream: true,
    system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
    thinking: { type: 'adaptive' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    messages: [
      { role: 'user', content: 'sim: turn 2\nsim: think Again.\nsim: say Done' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'a', signature: 's' },
          { type: 'tool_use', id: 'f_0', name: 'fun', input: {} },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'f_0', content: 'ok' }] },
    ],
  });
  const more = request as Record<string, unknown>;
  const encoder = new MessagesEncoder();
  const { chunks } = await chunksOf(await send('', { stream: true, more }));
  const events = [...chunks.flatMap((chunk) => encoder.add(chunk)), ...encoder.end()];
  expect(
    events.filter(({ type }) => type === 'content_block_start').map((event) => event['content_block']),
  ).toMatchObject([{ type: 'thinking' }, { type: 'text' }]);
  expect(simulator.calls[0]).toMatchObject({
    query: 'beta=true',
    headers: { 'anthropic-beta': 'context-management-2025-06-27', 'anthropic-version': '2023-06-01' },
    body: {
      system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      messages: [{}, { content: [{ type: 'thinking', thinking: 'a', signature: 's' }, {}] }, {}],
    },
  });
  await whole(await send('', { callerAgent: AGENT, more: { ...more, stream: false } }));
  expect(simulator.calls[1]?.rawBody).not.toMatch(/cache_control|"anthropic"/);
});

describe('beside inference', () => {
  test('the models; the keys of a region are its own', async () => {
    expect((await kimiCode.listModels(place())).map(({ id }) => id)).toContain('kimi-for-coding');
    const error = await failure(kimiCode.listModels(place({ path: '/coding-global', options: { region: 'global' } })));
    expect([error.code, error.hint]).toEqual(['upstream_auth', expect.stringContaining('www.kimi.ai/code/console')]);
  });

  test('usages, and until when a credential that is used up rests', async () => {
    const plan = simulator.subscription('sk-kimi-sim');
    plan.window.used = 100;
    const seen = await usages(place());
    const fiveHours = NOW + 300 * 60_000;
    expect(seen).toMatchObject({
      weekly: { limit: 100, resetsAt: NOW + 7 * 86_400_000 },
      windows: [{ used: 100, limit: 100, resetsAt: fiveHours, minutes: 300 }],
      membership: 'LEVEL_INTERMEDIATE',
    });
    expect(restsUntil(seen)).toBe(fiveHours);
    plan.window.used = 0;
    expect(restsUntil(await usages(place()))).toBeUndefined();
    expect((await failure(usages(place({ key: 'sk-wrong' })))).code).toBe('upstream_auth');
  });

  test('usages that say little or nothing', async () => {
    for (const body of [{}, { usage: null, limits: [null, { detail: { limit: '5', remaining: '1' } }] }]) {
      simulator.fail({ fault: { status: 200, message: '', html: JSON.stringify(body) } });
      const { weekly, windows } = await usages(place());
      expect([weekly, windows.length]).toEqual([undefined, 'limits' in body ? 1 : 0]);
    }
  });
});
