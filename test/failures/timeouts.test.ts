import { describe, expect, test } from 'vitest';
import { RawClient, request } from '../http/raw.ts';
import { CN_KEY, describeMatrix, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** Odd numbers, so that a timer is known by its length. */
const FIRST_BYTE = 40_001;
const IDLE = 30_003;
const TOTAL = 900_007;
const KEEP_ALIVE = 15_009;

const timed = (more: Settings = {}): Settings => ({
  timeouts: { first_byte_ms: FIRST_BYTE, idle_ms: IDLE, total_ms: TOTAL, keep_alive_ms: 0, ...more },
  retries: { tries: 1 },
});

const body = (script: string, stream: boolean) => ({
  model: 'k25',
  stream,
  messages: [{ role: 'user', content: script }],
});

describeMatrix('surfaces that are slow', (door) => {
  test.each([{ stream: false }, { stream: true }])('do not begin, stream $stream', async ({ stream }) => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: timed({ idle_ms: 2_000_000 }) });
    const answering = rig.chat(body('sim: delay 600000', stream));
    await until(() => rig.simulator.calls.at(-1)?.method === 'POST', 'the call');
    await clock.fire(FIRST_BYTE);
    const response = await answering;
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: 'first_byte_timeout', type: 'timeout_error' } });
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test('fall silent in the middle of a stream', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: timed() });
    const response = await rig.chat(body('sim: say hi\nsim: stall', true));
    expect(response.status).toBe(200);
    const reading = response.text();
    await clock.fire(IDLE);
    const text = await reading;
    expect(text).toContain('idle_timeout');
    expect(text).not.toContain('[DONE]');
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test('are cut off at the end of the total time', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: timed({ first_byte_ms: 2_000_000, idle_ms: 2_000_000 }) });
    const response = await rig.chat(body('sim: say hi\nsim: stall', true));
    const reading = response.text();
    await clock.fire(TOTAL);
    expect(await reading).toContain('total_timeout');
  });

  test('and leave no timer behind', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: timed() });
    const before = clock.pending;
    await (await rig.chat(body('sim: say-n 20', true))).text();
    await (await rig.chat(body('sim: say-n 20', false))).text();
    await until(() => clock.pending === before, 'the timers');
  });

  test('an early begin: a comment, then the answer', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, simulated: true, config: timed({ keep_alive_ms: KEEP_ALIVE }) });
    const answering = rig.chat(body('sim: delay 200\nsim: say hi', true));
    await clock.fire(KEEP_ALIVE);
    const response = await answering;
    expect(response.status).toBe(200);
    expect(response.headers.get('x-moongate-surface')).toBe('simulator');
    expect(response.headers.get('x-moongate-model')).toBe('kimi-k2.6; asked="k25"; because=alias');
    const text = await response.text();
    expect(text).toMatch(/^: keep-alive\n\n/);
    expect(text).toContain('"content":"hi"');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  test('an early begin: a late error is told inside', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, config: timed({ keep_alive_ms: KEEP_ALIVE }) });
    const answering = rig.chat(body('sim: delay 600000', true));
    await until(() => rig.simulator.calls.at(-1)?.method === 'POST', 'the call');
    await clock.fire(KEEP_ALIVE);
    const response = await answering;
    expect(response.status).toBe(200);
    const reading = response.text();
    await until(() => clock.pending > 0, 'the timers');
    clock.advance(FIRST_BYTE);
    const text = await reading;
    expect(text).toContain('first_byte_timeout');
    expect(text).not.toContain('[DONE]');
  });

  test('an unknown model is refused before a stream begins', async () => {
    await using rig = await startRig({ door, config: timed({ keep_alive_ms: KEEP_ALIVE }) });
    const response = await rig.chat({ ...body('hi', true), model: 'nobody' });
    expect(response.status).toBe(404);
    await response.text();
  });
});

describe('keep-alive', () => {
  test('comments come while a stream is silent', async () => {
    const clock = new VirtualClock();
    const config = timed({ keep_alive_ms: KEEP_ALIVE, idle_ms: 900_000 });
    await using rig = await startRig({ clock, config });
    using client = new RawClient(rig.port);
    await client.write(request(JSON.stringify(body('sim: say hi\nsim: stall', true))));
    await client.receives('"content":"hi"');
    for (let beats = 1; beats <= 3; beats++) {
      await clock.fire(KEEP_ALIVE);
      await until(() => client.received.split(': keep-alive').length > beats, 'the comment');
    }
    client.socket.destroy();
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test('of 0 sends none', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ clock, config: timed({ idle_ms: 600_000 }) });
    using client = new RawClient(rig.port);
    await client.write(request(JSON.stringify(body('sim: say hi\nsim: stall', true))));
    await client.receives('"content":"hi"');
    clock.advance(500_000);
    expect(client.received).not.toContain('keep-alive\n');
    expect(rig.simulator.account(CN_KEY).inFlight).toBe(1);
  });
});
