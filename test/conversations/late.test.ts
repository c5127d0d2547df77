import { expect, test } from 'vitest';
import { chunk, event, startFakeSurface } from '../fake-surface.ts';
import { post, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { textOf } from './answers.ts';
import { conversationRig } from './rig.ts';
import { DataFolder } from './seed-example.ts';
import { witnessSurface } from './witness-surface.ts';

test('a stream that begins before its answer is there, of a turn that names no model', async () => {
  await using it = await conversationRig({ timeouts: { keep_alive_ms: 30 } });
  await textOf(await it.say('a', 'sim: say one\nsim: turn 2\nsim: delay 200\nsim: say two'));
  const late = await it.say('a', 'And?', { model: undefined, stream: true });
  expect([late.status, late.headers.get('x-moongate-model')]).toEqual([200, null]);
  expect(await textOf(late)).toBe('two');
  expect(await it.told('a')).toHaveLength(4);
});

test('a client that leaves before its answer is there holds the conversation no longer', async () => {
  using data = new DataFolder();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  await using surface = await startFakeSurface(async (_request, response) => {
    const isFirst = ++calls === 1;
    if (isFirst) await gate.promise;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(chunk({ content: 'word' })));
    // The first one never ends by itself.
    if (!isFirst) response.end(`${event(chunk({}, 'stop'))}data: [DONE]\n\n`);
  });
  const settings = { surfaces: witnessSurface(surface), data: data.path, timeouts: { keep_alive_ms: 20 } };
  await using rig = await startRig({ config: { ...settings, conversations: { wait_ms: '3s' } } });
  const body = { model: 'kimi-k2.6', stream: true, messages: [{ role: 'user', content: 'hi' }] };
  // Straight from the gateway: nobody reads ahead.
  const take = (path: string) => rig.gateway.fetch(`http://moongate.test${path}`, post(body));
  const left = await take('/v1/chat/completions/a');
  await until(() => surface.calls.length === 1, 'its call');
  gate.resolve();
  // By the time that this one has its answer the first one's has begun, and nobody has asked for it yet.
  expect(await textOf(await take('/v1/chat/completions'))).toBe('word');
  await left.body?.cancel();
  expect(await textOf(await take('/v1/chat/completions/a'))).toBe('word');
});
