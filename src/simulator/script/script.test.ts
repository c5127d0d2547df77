import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DIRECTIVES, FAULT_NAMES, startSimulator } from '../index.ts';
import { at, SimClient, textOf } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new SimClient(simulator);
});
afterAll(() => simulator.close());

const content = async (messages: Parameters<SimClient['chat']>[0]): Promise<unknown> =>
  at(await (await client.chat(messages)).json(), 'choices', 0, 'message', 'content');

const MANUAL = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');

test('the manual lists exactly the directives and faults of the code', () => {
  const listed = MANUAL.split('\n')
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter((cells) => cells.length === 4);
  const start = listed.findIndex((cells) => cells[1] === 'directive');
  const rows = DIRECTIVES.map(({ usage, effect }) => [`\`${usage.replaceAll('|', '\\|')}\``, effect]);
  expect(listed.slice(start + 2, start + 2 + rows.length + 1).map((cells) => cells.slice(1, 3))).toEqual(rows);
  const faults = MANUAL.match(/Faults by name: ([^.]*)\./)?.[1];
  expect(faults?.split(/,\s+/)).toEqual(FAULT_NAMES.map((name) => `\`${name}\``));
});

test('escapes, also half of a pair', async () => {
  const { text, ...record } = await client.stream('sim: say a\\n\\u4f60\\u{1f600}\\\\n \\ud83d');
  expect(textOf({ text, ...record })).toBe('a\n你😀\\n \ud83d');
});

test('a fenced block, quotes around the prompt, other text around the script', async () => {
  expect(await content('Hello\n```sim\nsay one\nsim: say two\n```\nsay three')).toBe('onetwo');
  expect(await content('"sim: say quoted"')).toBe('quoted');
  expect(await content('This talks about sim: say nothing')).toContain('You asked');
});

test('turns are counted from the script on', async () => {
  const script = 'sim: tool look_up {}\nsim: turn 2\nsim: tool look_up {"again":1}\nsim: turn 3\nsim: say done';
  const messages: unknown[] = [
    { role: 'user', content: 'old' },
    { role: 'assistant', content: 'old' },
    { role: 'user', content: script },
  ];
  for (const text of ['{}', '{"again":1}']) {
    const message = at(await (await client.chat(messages)).json(), 'choices', 0, 'message');
    expect(at(message, 'tool_calls', 0, 'function', 'arguments')).toBe(text);
    const { content: _, ...echo } = message as Record<string, unknown>;
    const id = at(message, 'tool_calls', 0, 'id');
    messages.push({ reasoning_content: '', ...echo }, { role: 'tool', tool_call_id: id, content: 'found' });
  }
  expect(await content(messages)).toBe('done');
});

test('a turn without a section is unscripted, unless there is a section for all', async () => {
  const later = [
    { role: 'assistant', content: 'x' },
    { role: 'user', content: 'and now?' },
  ];
  expect(await content([{ role: 'user', content: 'sim: say x' }, ...later])).toContain('You asked: "and now?"');
  expect(await content([{ role: 'user', content: 'sim: turn *\nsim: say y' }, ...later])).toBe('y');
  expect(await content([{ role: 'system', content: 'sim: turn *\nsim: say z' }, ...later])).toBe('z');
});

test('what stands after turns is not a script error, what is unknown is', async () => {
  for (const line of ['sing', 'fault nothing', 'tool x {', 'say-n many', 'usage-place left', 'once turn 2']) {
    const response = await client.chat(`sim: ${line}`);
    expect(response.status).toBe(400);
    expect(at(await response.json(), 'error', 'type')).toBe('simulator_script_error');
  }
});

test('every fault by name', async () => {
  const seen: unknown[] = [];
  for (const name of FAULT_NAMES.filter((fault) => fault !== 'reset')) {
    const response = await client.chat(`sim: fault ${name}`);
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    seen.push([name, response.status, isJson ? at(await response.json(), 'error', 'type') : 'html']);
    const isPlanQuota = name === 'code-window' || name === 'code-monthly';
    if (response.status === 429 && !isPlanQuota) expect(response.headers.get('x-retry-after')).toBe('1');
  }
  expect(seen).toEqual([
    ['overload', 429, 'engine_overloaded_error'],
    ['rate-limit', 429, 'rate_limit_reached_error'],
    ['quota', 429, 'exceeded_current_quota_error'],
    ['suspended', 429, 'exceeded_current_quota_error'],
    ['filter', 400, 'content_filter'],
    ['auth', 401, 'invalid_authentication_error'],
    ['permission', 403, 'permission_denied_error'],
    ['too-large', 413, undefined],
    ['token-limit', 400, 'invalid_request_error'],
    ['server', 500, 'server_error'],
    ['unexpected', 500, 'unexpected_output'],
    ['unavailable', 503, 'server_unavailable'],
    ['code-client', 403, 'access_terminated_error'],
    ['code-terminated', 403, 'access_terminated_error'],
    ['code-weekly', 403, undefined],
    ['code-concurrency', 403, 'permission_error'],
    ['code-membership', 402, undefined],
    ['code-window', 429, undefined],
    ['code-monthly', 429, undefined],
    ['code-busy', 429, 'rate_limit_reached_error'],
    ['html-504', 504, 'html'],
  ]);
  await expect(client.chat('sim: fault reset')).rejects.toThrow('fetch failed');
});

test('status, with and without a type', async () => {
  const plain = await client.chat('sim: status 503 Come back later');
  expect([plain.status, await plain.json()]).toEqual([
    503,
    { error: { message: 'Come back later', type: 'server_unavailable' } },
  ]);
  const typed = await client.chat('sim: status 402 membership_error No membership');
  expect(await typed.json()).toEqual({ error: { message: 'No membership', type: 'membership_error' } });
});

test('once and times count the plays of a script', async () => {
  const once = async (): Promise<number> => (await client.chat('sim: once fault overload\nsim: say ok')).status;
  expect([await once(), await once(), await once()]).toEqual([429, 200, 200]);
  const times = async (): Promise<number> => (await client.chat('sim: times 2 fault server\nsim: say ok')).status;
  expect([await times(), await times(), await times()]).toEqual([500, 500, 200]);
});

test('streams that end badly', async () => {
  await expect(client.stream('sim: say-n 10\nsim: cut 3')).rejects.toThrow('terminated');
  expect(simulator.calls.at(-1)).toMatchObject({ severed: true, aborted: false, finished: false });
  const early = await client.stream('sim: say-n 10\nsim: end-early 3');
  expect([textOf(early), early.isDone]).toEqual([' one two six', false]);
  const error = await client.stream('sim: say ok\nsim: error-chunk server_error It broke');
  expect([error.chunks.at(-1), error.isDone]).toEqual([
    { error: { message: 'It broke', type: 'server_error' } },
    false,
  ]);
  const silent = await client.stream('sim: say ok\nsim: no-done');
  expect([at(silent.chunks.at(-1), 'choices', 0, 'finish_reason'), silent.isDone]).toEqual(['stop', false]);
  const broken = await (await client.chat('sim: say ok\nsim: bad-json', { stream: true })).text();
  expect(() => broken.split('\n\n').map((line) => JSON.parse(line.replace('data: ', '') || '0'))).toThrow('JSON');
});

test('a stall keeps the connection and says nothing', async () => {
  const controller = new AbortController();
  const response = await client.chat('sim: say ok\nsim: stall', { stream: true }, { signal: controller.signal });
  const text = response.text().then(
    () => 'ended',
    () => 'aborted',
  );
  const waited = new Promise((resolve) => setTimeout(resolve, 60, 'silent'));
  expect(await Promise.race([text, waited])).toBe('silent');
  controller.abort();
  expect(await text).toBe('aborted');
});

test('odd shapes of a stream', async () => {
  const odd = await client.stream('sim: heartbeat\nsim: crlf\nsim: split 3\nsim: say 你好 \\ud83d\\ude00 ok');
  expect(textOf(odd)).toBe('你好 😀 ok');
  expect(odd.text).toContain(': heartbeat\r\n\r\n');
  expect(odd.chunks.some((chunk) => at(chunk, 'choices', 0) === undefined)).toBe(true);
  const giant = await client.stream('sim: giant 100000');
  expect(giant.chunks.map((chunk) => String(at(chunk, 'choices', 0, 'delta', 'content') ?? '').length)).toContain(
    100_000,
  );
  const key = await client.stream('sim: reasoning-key reasoning\nsim: think hm');
  expect(textOf(key, 'reasoning')).toBe('hm');
});

test('usage in every place, and with every number', async () => {
  const places = async (place: string): Promise<boolean[]> => {
    const { chunks } = await client.stream(`sim: say ok\nsim: usage-place ${place}`);
    const last = chunks.at(-1);
    return [at(last, 'usage') !== undefined, at(last, 'choices', 0, 'usage') !== undefined];
  };
  expect(await places('top')).toEqual([true, false]);
  expect(await places('choice')).toEqual([false, true]);
  expect(await places('both')).toEqual([true, true]);
  expect(await places('none')).toEqual([false, false]);
  const body = await (await client.chat('sim: say ok\nsim: usage 1000 20 512')).json();
  expect(at(body, 'usage')).toMatchObject({ prompt_tokens: 1000, completion_tokens: 20, cached_tokens: 512 });
});

test('calls as they should not be', async () => {
  const raw = await (await client.chat('sim: tool-id odd_1\nsim: tool-raw look_up {"x": \\n')).json();
  const call = at(raw, 'choices', 0, 'message', 'tool_calls', 0);
  expect([at(call, 'id'), at(call, 'function', 'arguments')]).toEqual(['odd_1', '{"x": \n']);
  expect(await content('sim: leak-tool look_up {"x":1}')).toBe(
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.look_up:0<|tool_call_argument_begin|>{"x":1}<|tool_call_end|><|tool_calls_section_end|>',
  );
  const finished = await (await client.chat('sim: say x\nsim: finish content_filter')).json();
  expect(at(finished, 'choices', 0, 'finish_reason')).toBe('content_filter');
});

test('delays', async () => {
  const start = performance.now();
  await (await client.chat('sim: delay 30\nsim: say x')).text();
  await client.stream('sim: pause 10\nsim: say-n 3');
  expect(performance.now() - start).toBeGreaterThan(55);
});
