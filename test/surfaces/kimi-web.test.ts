import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Gateway } from '../../src/gateway.ts';
import { platform, post, type RigOptions, startRig } from '../setup.ts';

const REFRESH = 'sim-web-refresh-owner';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'moongate-web-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const settings = (webBaseUrl: string, more: Record<string, unknown> = {}) => ({
  data,
  surfaces: { 'kimi-web': { base_url: webBaseUrl, credentials: [{ key: REFRESH }], ...more } },
});
const rigOptions = (more: Record<string, unknown> = {}): RigOptions => ({
  config: ({ webBaseUrl }) => settings(webBaseUrl, more),
  secrets: [REFRESH],
});

test.each(['connect', 'classic'])('the web chat answers over %s, streamed and whole', async (protocol) => {
  await using rig = await startRig(rigOptions({ protocol }));
  const said = {
    model: 'k2',
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'sim: say 你好，世界' },
    ],
  };
  const whole = (await (await rig.chat(said)).json()) as {
    choices: { message: { content: string } }[];
    usage: unknown;
  };
  expect(whole.choices[0]?.message.content).toBe('你好，世界');
  expect(whole.usage).toMatchObject({ estimated: true });
  const stream = await (await rig.chat({ ...said, stream: true })).text();
  const text = [...stream.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('');
  expect(text).toBe('你好，世界');
  expect(stream.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('tools are refused with the surfaces that have them', async () => {
  await using rig = await startRig(rigOptions());
  const tools = [
    { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
  ];
  const response = await rig.chat({ model: 'k2', messages: [{ role: 'user', content: 'hi' }], tools });
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/moonshot|kimi-code/);
});

test('what it cannot do goes to the next surface that can, and says nothing about the credential', async () => {
  await using rig = await startRig({
    ...rigOptions(),
    config: (simulator) => ({
      ...settings(simulator.webBaseUrl),
      surfaces: { ...settings(simulator.webBaseUrl).surfaces, ...platform(simulator) },
      routes: { default: ['kimi-web', 'moonshot-cn'] },
    }),
  });
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
  const picture = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }];
  for (const more of [{ tools }, { messages: [{ role: 'user', content: picture }] }]) {
    const messages = [{ role: 'user', content: 'sim: say hi' }];
    const answer = await rig.chat({ model: 'kimi-k2.6', messages, ...more });
    expect([answer.status, answer.headers.get('x-moongate-surface')]).toEqual([200, 'moonshot-cn']);
    expect(answer.headers.get('x-moongate-fallback')).toMatch(/^kimi-web .*: unsupported_by_surface$/);
  }
  expect((await rig.chat('sim: say hi')).headers.get('x-moongate-surface')).toBe('kimi-web');
  const web = (await rig.gateway.credentials.list()).find(({ surface }) => surface === 'kimi-web');
  expect(web).toMatchObject({ failed: 0, state: 'ready', last_error: null });
});

test('renewed tokens survive a restart, in a file of the owner’s', async () => {
  await using rig = await startRig(rigOptions());
  const said = { model: 'k2', messages: [{ role: 'user', content: 'hi' }] };
  expect((await rig.chat(said)).status).toBe(200);
  expect(statSync(join(data, 'web-tokens.json')).mode & 0o777).toBe(0o600);
  // The renewal has used the configured refresh token up: only what was written can log in again.
  const second = new Gateway({ config: rig.load(settings(rig.simulator.webBaseUrl)).config });
  const response = await second.fetch('http://moongate.test/v1/chat/completions', post(said));
  await second.close();
  expect(response.status).toBe(200);
});

test.each([
  ['k1.5-nosearch-thinking', '"thinking":true'],
  ['k2-thinking-silent-nosearch', '"thinking":true'],
  ['kimi-web/k2-silent-nosearch', '"thinking":false'],
  ['k2.6-thinking', '"model":"k2d6-chat"'],
  ['k2d6-chat', '"model":"k2d6-chat"'],
])('%s is served: suffixes in any order, and every name of the table', async (model, sent) => {
  await using rig = await startRig(rigOptions({ protocol: 'connect' }));
  const answer = await rig.chat({ model, messages: [{ role: 'user', content: 'sim: say hi' }] });
  expect([answer.status, answer.headers.get('x-moongate-surface')]).toEqual([200, 'kimi-web']);
  expect(rig.simulator.calls.at(-1)?.rawBody).toContain(sent);
});

test('a name of the configuration takes suffixes too; what is no variant is unknown', async () => {
  await using rig = await startRig(rigOptions({ protocol: 'connect', models: { chatty: 'k2' } }));
  const said = (model: string) => rig.chat({ model, messages: [{ role: 'user', content: 'sim: say hi' }] });
  expect((await said('chatty-thinking-nosearch')).status).toBe(200);
  expect(rig.simulator.calls.at(-1)?.rawBody).toContain('"thinking":true');
  expect((await said('nobody-thinking')).status).toBe(404);
  const { data } = (await (await rig.get('/v1/models')).json()) as { data: { id: string }[] };
  expect(data.filter(({ id }) => id.includes('-thinking-thinking'))).toEqual([]);
});

describe.each(['connect', 'classic'])('what %s has no member for', (protocol) => {
  const said = (more: Record<string, unknown>) => ({
    model: 'k2',
    messages: [{ role: 'user', content: 'sim: say one two STOP three\nsim: piece 2' }],
    ...more,
  });

  test('stop is applied by the gateway, streamed and whole, and the header says so', async () => {
    await using rig = await startRig(rigOptions({ protocol }));
    const whole = await rig.chat(said({ stop: ['never', ' STOP'] }));
    expect(await whole.json()).toMatchObject({
      choices: [{ message: { content: 'one two' }, finish_reason: 'stop' }],
      usage: { completion_tokens: expect.any(Number) },
    });
    expect(whole.headers.get('x-moongate-repairs')).toContain('stop-sequences');
    const stream = await rig.chat(said({ stop: ' STOP', stream: true, stream_options: { include_usage: true } }));
    const text = await stream.text();
    expect([...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('')).toBe('one two');
    expect(text).toContain('"completion_tokens"');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(rig.simulator.calls.some(({ rawBody }) => rawBody?.includes('"stop"'))).toBe(false);
  });

  test('an answer that the client began is to be continued, in words', async () => {
    await using rig = await startRig(rigOptions({ protocol }));
    const messages = [
      { role: 'user', content: 'Greet me.' },
      { role: 'assistant', content: 'Hel' },
    ];
    const answer = await rig.chat(said({ messages }));
    expect(answer.headers.get('x-moongate-notes')).toBe('the beginning of the answer goes up in words only');
    expect(rig.simulator.calls.at(-1)?.rawBody).toContain('go on where it ends');
  });

  test('a response format is asked for in words, and a note says that it is no more than that', async () => {
    await using rig = await startRig(rigOptions({ protocol }));
    const answer = await rig.chat(said({ response_format: { type: 'json_object' }, temperature: 0.3, n: 1 }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-moongate-notes')).toBe(
      'response_format is asked for in words; nothing enforces it; temperature has no counterpart',
    );
    expect(rig.simulator.calls.at(-1)?.rawBody).toContain('Answer with one JSON object and nothing else.');
    expect((await rig.chat(said({ response_format: { type: 'text' } }))).headers.get('x-moongate-notes')).toBeNull();
  });
});
