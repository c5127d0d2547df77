import { expect, test } from 'vitest';
import { completion, sendJson, startFakeSurface } from '../fake-surface.ts';
import { describeMatrix, platform, startRig } from '../setup.ts';
import { VirtualClock } from '../virtual-clock.ts';

const NO_CREDENTIALS = { config: { surfaces: {} } };

describeMatrix('what an answer says of itself', (door) => {
  test('nothing to repair, nothing to tell', async () => {
    await using rig = await startRig({ door });
    const response = await rig.chat('sim: say hi');
    expect(response.headers.get('x-request-id')).toMatch(/^\w{8,}$/);
    expect(response.headers.get('x-moongate-model')).toBe('kimi-k2.6');
    expect(response.headers.get('x-moongate-surface')).toBe('moonshot-cn');
    expect(response.headers.get('x-moongate-overhead-ms')).toMatch(/^\d+\.\d\d$/);
    expect(response.headers.get('x-moongate-repairs')).toBeNull();
    expect(response.headers.get('x-moongate-fallback')).toBeNull();
    await response.text();
  });

  test('alias and repairs, stream and whole alike', async () => {
    await using rig = await startRig({ door });
    for (const stream of [false, true]) {
      const response = await rig.chat({
        model: 'gpt-4o',
        stream,
        temperature: 0.2,
        messages: [
          { role: 'developer', content: 'Be short.' },
          { role: 'user', content: 'sim: say hi' },
        ],
      });
      expect(response.headers.get('x-moongate-model')).toBe('kimi-k2.6; asked="gpt-4o"; because=alias');
      expect(response.headers.get('x-moongate-repairs')).toBe('developer-role, sampling-fixed');
      expect(await response.text()).toContain('hi');
    }
  });

  test('two requests have two ids', async () => {
    await using rig = await startRig({ door });
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push((await rig.get('/healthz')).headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(2);
  });

  test('the demo says so on every answer', async () => {
    await using rig = await startRig({ door, simulated: true });
    const responses = [
      await rig.chat('sim: say hi'),
      await rig.chat({ model: 'k25', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
      await rig.chat('sim: fault filter'),
      await rig.chat({ model: 'nobody', messages: [] }),
      await rig.get('/v1/models'),
    ];
    for (const response of responses) {
      expect(response.headers.get('x-moongate-surface')).toBe('simulator');
      await response.text();
    }
    expect(await (await rig.get('/healthz')).json()).toMatchObject({ mode: 'demo' });
  });

  test('strict mode refuses and lists the repairs', async () => {
    await using rig = await startRig({ door });
    const body = { model: 'k25', temperature: 0.2, messages: [{ role: 'developer', content: 'hi' }] };
    const response = await rig.chat(body, { headers: { 'x-moongate-strict': '1' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'strict_repairs',
        repairs: [
          { rule: 'developer-role', changes: [{ member: 'messages' }] },
          { rule: 'sampling-fixed', changes: [{ member: 'temperature', before: 0.2 }] },
        ],
      },
    });
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
    await using strict = await startRig({ door, config: { strict: true } });
    expect((await strict.chat(body)).status).toBe(400);
    expect((await strict.chat('sim: say hi')).status).toBe(200);
  });

  test('without credentials: 503 with advice', async () => {
    await using rig = await startRig({ door, ...NO_CREDENTIALS });
    const responses = [await rig.chat('hi'), await rig.get('/v1/models'), await rig.get('/v1/models/k25')];
    for (const response of responses) {
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('MOONSHOT_API_KEY');
    }
    expect((await rig.get('/healthz')).status).toBe(200);
    const ready = await rig.get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      status: 'not ready',
      reason: expect.stringContaining('MOONSHOT_API_KEY'),
    });
  });

  test('with credentials it is ready', async () => {
    await using rig = await startRig({ door });
    const ready = await rig.get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
  });

  test('a model whose name no header can carry', async () => {
    await using fake = await startFakeSurface((_call, response) => sendJson(response, 200, completion('hi')));
    const own = { type: 'compatible', base_url: fake.baseUrl, credentials: [{ key: 'sk-fake-0123456789abcdef' }] };
    await using rig = await startRig({ door, config: { surfaces: { own }, aliases: { neu: '模型\n二' } } });
    for (const model of ['模型 一', '\ud800', 'neu', 'a\r\nset-cookie: x=1', '"quoted"']) {
      for (const stream of [false, true]) {
        const response = await rig.chat({ model, stream, messages: [{ role: 'user', content: 'hi' }] });
        expect(response.status).toBe(200);
        expect(response.headers.get('set-cookie')).toBeNull();
        expect(await response.text()).toContain('hi');
      }
    }
  });

  test.each(['constructor', '__proto__', 'toString'])('%s is no model of a surface with a list', async (model) => {
    await using rig = await startRig({
      door,
      config: ({ cnBaseUrl }) => ({
        surfaces: {
          own: {
            type: 'compatible',
            base_url: cnBaseUrl,
            credentials: [{ key: 'sk-fake-0123456789abcdef' }],
            models: { mine: 'kimi-k2.6' },
          },
        },
      }),
    });
    const response = await rig.chat({ model, messages: [{ role: 'user', content: 'hi' }] });
    expect(response.status).toBe(404);
    await response.text();
  });

  test('the overhead does not count what was waited for surfaces', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({
      door,
      clock,
      config: (simulator) => ({ surfaces: { 'moonshot-cn': platform(simulator)['moonshot-cn'] } }),
    });
    rig.simulator.fail({ fault: 'overload' });
    const answering = rig.chat('sim: say hi');
    await clock.fire(1_000);
    const response = await answering;
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('x-moongate-overhead-ms'))).toBeLessThan(500);
    await response.text();
  });

  test('every reply tells it: lists, errors, and errors that took a surface its time', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({
      door,
      clock,
      config: (simulator) => ({
        surfaces: { 'moonshot-cn': platform(simulator)['moonshot-cn'] },
        retries: { attempts: 2 },
      }),
    });
    const overhead = (response: Response) => Number(response.headers.get('x-moongate-overhead-ms') ?? Number.NaN);
    const list = await rig.fetch(`${rig.base}/models`);
    const lost = await rig.fetch(`${rig.base}/nothing`);
    expect([list.status, lost.status]).toEqual([200, 404]);
    for (const response of [list, lost]) expect(overhead(response)).toBeGreaterThanOrEqual(0);
    rig.simulator.fail({ fault: 'overload', times: 2 });
    const answering = rig.chat('sim: say hi');
    await clock.fire(1_000);
    const refused = await answering;
    expect(refused.status).toBe(429);
    expect(overhead(refused)).toBeLessThan(500);
    await Promise.all([list, lost, refused].map((response) => response.text()));
  });
});
