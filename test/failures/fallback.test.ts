import { expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { AI_KEY, CN_KEY, CN_KEY_2, describeMatrix, platform, type Rig, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';

const posts = (rig: Rig) => rig.simulator.calls.filter(({ method }) => method === 'POST');
const keysOf = (rig: Rig) => posts(rig).map(({ headers }) => headers['authorization']?.replace('Bearer ', ''));

/** One surface with two credentials, or with one. */
const cn =
  (keys: readonly string[]) =>
  (simulator: Simulator): Settings => ({
    surfaces: { 'moonshot-cn': platform(simulator, keys)['moonshot-cn'] },
  });

describeMatrix('two credentials', (door) => {
  const FAULTS = [
    'auth',
    'permission',
    'rate-limit',
    'quota',
    'overload',
    'server',
    'unavailable',
    'html-504',
    'reset',
  ] as const;

  test.each(
    FAULTS.flatMap((fault) => [
      { fault, stream: false },
      { fault, stream: true },
    ]),
  )('$fault on the first, the second serves, stream $stream', async ({ fault, stream }) => {
    await using rig = await startRig({ door, config: cn([CN_KEY, CN_KEY_2]) });
    rig.simulator.fail({ fault, match: ({ method }) => method === 'POST' });
    const response = await rig.chat({ model: 'k25', stream, messages: [{ role: 'user', content: 'sim: say hi' }] });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('hi');
    expect(response.headers.get('x-moongate-fallback')).toMatch(/^moonshot-cn moonshot-cn-1 \?6?\w*.*: \w+$/);
    expect(keysOf(rig)).toEqual([CN_KEY, CN_KEY_2]);
  });

  test.each(['filter', 'token-limit', 'too-large'] as const)('%s is sent once', async (fault) => {
    await using rig = await startRig({ door, config: cn([CN_KEY, CN_KEY_2]) });
    rig.simulator.fail({ fault, match: ({ method }) => method === 'POST' });
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    await response.text();
    expect(posts(rig)).toHaveLength(1);
  });

  test('the last refusal is told when all fail', async () => {
    await using rig = await startRig({ door, config: cn([CN_KEY, CN_KEY_2]) });
    rig.simulator.fail({ fault: 'auth', times: 2, match: ({ method }) => method === 'POST' });
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'upstream_auth',
        message: expect.stringContaining('Invalid Authentication'),
        surface: 'moonshot-cn',
      },
    });
    expect(keysOf(rig)).toEqual([CN_KEY, CN_KEY_2]);
  });

  test('a credential that was refused rests', async () => {
    await using rig = await startRig({ door, config: cn([CN_KEY, CN_KEY_2]) });
    rig.simulator.fail({ fault: 'auth', match: ({ method }) => method === 'POST' });
    for (let i = 0; i < 3; i++) await (await rig.chat('sim: say hi')).text();
    expect(keysOf(rig)).toEqual([CN_KEY, CN_KEY_2, CN_KEY_2, CN_KEY_2]);
  });

  test('the next surface serves where the first has nobody left', async () => {
    await using rig = await startRig({ door });
    rig.simulator.account(CN_KEY).suspended = true;
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-moongate-surface')).toBe('moonshot-ai');
    expect(response.headers.get('x-moongate-fallback')).toContain('quota_exhausted');
    await response.text();
    expect(keysOf(rig)).toEqual([CN_KEY, AI_KEY]);
  });

  test('nothing is tried again after the first event', async () => {
    await using rig = await startRig({ door, config: cn([CN_KEY, CN_KEY_2]) });
    const content = 'sim: pause 5\nsim: say-n 5\nsim: once cut 3';
    const response = await rig.chat({ model: 'k25', stream: true, messages: [{ role: 'user', content }] });
    expect(await response.text()).toContain('stream_cut');
    expect(posts(rig)).toHaveLength(1);
  });
});

describeMatrix('one credential', (door) => {
  test('the pause that the surface asks for is kept', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: cn([CN_KEY]) });
    rig.simulator.fail({ fault: 'rate-limit', match: ({ method }) => method === 'POST' });
    const answering = rig.chat('sim: say hi');
    await clock.timer(1_000);
    clock.advance(999);
    expect(posts(rig)).toHaveLength(1);
    clock.advance(1);
    const response = await answering;
    expect(response.status).toBe(200);
    expect(response.headers.get('x-moongate-fallback')).toContain('rate_limited');
    await response.text();
  });

  test('pauses double, and there is an end to it', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: cn([CN_KEY]) });
    rig.simulator.fail({ fault: 'server', times: 9, match: ({ method }) => method === 'POST' });
    const answering = rig.chat('sim: say hi');
    await clock.fire(500);
    await clock.fire(1_000);
    const response = await answering;
    expect(response.status).toBe(500);
    await response.text();
    expect(posts(rig)).toHaveLength(3);
  });

  test('a pause that is too long is told to the client', async () => {
    await using rig = await startRig({ door, config: cn([CN_KEY]) });
    const fault = {
      status: 429,
      type: 'rate_limit_reached_error',
      message: 'Later.',
      headers: { 'retry-after': '30' },
    };
    rig.simulator.fail({ fault, match: ({ method }) => method === 'POST' });
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('30');
    await response.text();
    const resting = await rig.chat('sim: say hi');
    expect(resting.status).toBe(503);
    expect(Number(resting.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(await resting.json()).toMatchObject({ error: { code: 'all_resting' } });
    expect(posts(rig)).toHaveLength(1);
  });

  test('a surface that is down: bad gateway with a hint', async () => {
    await using rig = await startRig({
      door,
      config: (simulator) => ({ ...cn([CN_KEY])(simulator), retries: { attempts: 1 } }),
    });
    rig.simulator.setDown(true);
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: { code: 'upstream_unreachable', hint: expect.stringContaining('base address') },
    });
  });

  test('a change of configuration does not drop what waits for a retry', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: cn([CN_KEY]) });
    rig.simulator.fail({ fault: 'overload', match: ({ method }) => method === 'POST' });
    const answering = rig.chat('sim: say hi');
    await clock.timer(1_000);
    rig.gateway.reconfigure(rig.load({ ...cn([CN_KEY])(rig.simulator), aliases: { neu: 'kimi-k2.6' } }).config);
    await until(() => rig.simulator.calls.filter(({ method }) => method === 'GET').length === 2, 'the new model list');
    clock.advance(1_000);
    const response = await answering;
    expect(await response.text()).toContain('hi');
    expect(response.status).toBe(200);
  });

  test('a change of configuration does not drop a running stream', async () => {
    await using rig = await startRig({ door, config: cn([CN_KEY]) });
    const content = 'sim: pause 10\nsim: say-n 20';
    const response = await rig.chat({ model: 'k25', stream: true, messages: [{ role: 'user', content }] });
    rig.gateway.reconfigure(rig.load({ ...cn([CN_KEY_2])(rig.simulator), aliases: { neu: 'kimi-k2.6' } }).config);
    const next = await rig.chat({ model: 'neu', messages: [{ role: 'user', content: 'sim: say hi' }] });
    expect(next.status).toBe(200);
    await next.text();
    expect(keysOf(rig)).toEqual([CN_KEY, CN_KEY_2]);
    expect(await response.text()).toContain('[DONE]');
  });
});
