import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { CN_KEY_2, describeMatrix, platform, type Rig, type RigOptions, startRig } from '../setup.ts';
import { VirtualClock } from '../virtual-clock.ts';

const ADMIN = 'admin-key-0123456789abcdef';
const INBOUND = 'inbound-key-0123456789abcdef';
const LOCKED: RigOptions = {
  config: { keys: [{ name: 'me', key: INBOUND }], admin_key: ADMIN },
  secrets: [ADMIN, INBOUND],
};
const PATH = '/admin/credentials';
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const json = (value: unknown, method = 'POST'): RequestInit => ({ method, body: JSON.stringify(value) });

const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

describeMatrix('who may administer', (door) => {
  test('with the admin key, however it is sent', async () => {
    await using rig = await startRig({ door, ...LOCKED });
    for (const init of [bearer(ADMIN), { headers: { 'x-admin-key': ADMIN, authorization: `Bearer ${INBOUND}` } }]) {
      expect((await rig.get(PATH, init)).status).toBe(200);
    }
  });

  test('not with an inbound key, a wrong key, or none; not with the admin key where inbound keys are asked for', async () => {
    await using rig = await startRig({ door, ...LOCKED });
    for (const init of [{}, bearer(INBOUND), bearer(`${ADMIN}x`), { headers: { 'x-admin-key': '' } }]) {
      const response = await rig.get(PATH, init);
      expect([response.status, await codeOf(response)]).toEqual([401, 'admin_key_needed']);
    }
    expect((await rig.chat('hi', bearer(ADMIN))).status).toBe(401);
  });

  test('nobody where inbound keys exist and an admin key does not', async () => {
    await using rig = await startRig({ door, config: { keys: [{ key: INBOUND }] }, secrets: [INBOUND] });
    const response = await rig.get(PATH, bearer(INBOUND));
    expect([response.status, await codeOf(response)]).toEqual([403, 'admin_off']);
  });

  test('this machine without a key, where nobody else can call', async () => {
    await using rig = await startRig({ door });
    expect((await rig.get(PATH)).status).toBe(200);
    expect((await rig.get('/admin/refusals')).status).toBe(200);
  });

  test('guessing is slow: after five wrong keys the right one waits too, and then a success forgets them', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ door, clock, ...LOCKED });
    // An inbound key is no guess.
    for (let use = 0; use < 9; use++) expect((await rig.get(PATH, bearer(INBOUND))).status).toBe(401);
    for (let guess = 0; guess < 5; guess++) expect((await rig.get(PATH, bearer(`guess-${guess}`))).status).toBe(401);
    const locked = await rig.get(PATH, bearer(ADMIN));
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await codeOf(locked)).toBe('admin_locked');
    clock.advance(60_000);
    expect((await rig.get(PATH, bearer('guess'))).status).toBe(401);
    expect((await rig.get(PATH, bearer(ADMIN))).headers.get('retry-after')).toBe('120');
    clock.advance(120_000);
    expect((await rig.get(PATH, bearer(ADMIN))).status).toBe(200);
    expect((await rig.get(PATH, bearer('guess'))).status).toBe(401);
    expect((await rig.get(PATH, bearer(ADMIN))).status).toBe(200);
  });
});

describe('what only looks like this machine', () => {
  const ask = (rig: Rig, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const options = { port: rig.port, host: '127.0.0.1', path: PATH, headers: { connection: 'close', ...headers } };
      httpRequest(options, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end();
    });

  test.each([
    [
      'the gateway’s own page',
      { host: 'localhost:1', origin: 'http://localhost:1', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['a page that may call the API', { host: 'localhost:1', origin: 'http://localhost:3000' }, 403],
    ['a page of another site', { host: 'localhost:1', 'sec-fetch-site': 'cross-site' }, 403],
    ['a name that leads here', { host: 'kimi.example.org' }, 403],
    ['a proxy of this machine', { host: 'localhost', 'x-forwarded-for': '203.0.113.7' }, 403],
    ['a proxy that says so in the newer way', { host: 'localhost', forwarded: 'for=203.0.113.7' }, 403],
  ] as const)('%s', async (_, headers, status) => {
    const config = { allowed_hosts: ['kimi.example.org'], allowed_origins: ['http://localhost:3000'] };
    await using rig = await startRig({ config });
    expect(await ask(rig, headers)).toBe(status);
  });
});

describeMatrix('credentials at run time', (door) => {
  const list = async (rig: Rig) => {
    const { data } = (await (await rig.get(PATH)).json()) as { data: Record<string, unknown>[] };
    return data;
  };
  const NEW = { surface: 'moonshot-cn', key: CN_KEY_2, name: 'second', account: 'team' };

  test('one is added, serves, is switched off and on, tested, cleared, and goes', async () => {
    await using rig = await startRig({
      door,
      config: (simulator) => ({ surfaces: { 'moonshot-cn': platform(simulator)['moonshot-cn'] } }),
    });
    const added = await rig.get(PATH, json(NEW));
    expect(added.status).toBe(201);
    expect(await added.json()).toMatchObject({
      name: 'second',
      account: 'team',
      source: 'stored',
      state: 'ready',
      note: null,
    });
    expect((await list(rig)).map(({ name, source }) => [name, source])).toEqual([
      ['moonshot-cn-1', 'configuration'],
      ['second', 'stored'],
    ]);
    await rig.get(`${PATH}/moonshot-cn-1/disable`, { method: 'POST' });
    expect((await rig.chat('sim: say hi')).headers.get('x-moongate-surface')).toBe('moonshot-cn');
    expect(rig.simulator.calls.at(-1)?.headers['authorization']).toBe(`Bearer ${CN_KEY_2}`);
    expect((await list(rig))[0]).toMatchObject({ state: 'disabled' });
    const enabled = await rig.get(`${PATH}/${encodeURIComponent(String((await list(rig))[0]?.['id']))}/enable`, {
      method: 'POST',
    });
    expect(await enabled.json()).toMatchObject({ state: 'ready' });

    rig.simulator.account(CN_KEY_2).suspended = true;
    await rig.get(`${PATH}/moonshot-cn-1/disable`, { method: 'POST' });
    expect((await rig.chat('sim: say hi')).status).toBe(429);
    expect((await list(rig))[1]).toMatchObject({
      state: 'resting',
      rest: { because: 'quota_exhausted', ends: 'probe' },
      last_error: { code: 'quota_exhausted' },
      quota: { balance: { available: 1000, currency: 'CNY' } },
    });
    expect(await (await rig.get(`${PATH}/second/clear`, { method: 'POST' })).json()).toMatchObject({
      state: 'ready',
      rest: null,
    });
    expect((await rig.get(`${PATH}/second/test`, { method: 'POST' })).status).toBe(200);

    expect(await (await rig.get(`${PATH}/second`, { method: 'DELETE' })).json()).toMatchObject({
      deleted: true,
      note: null,
    });
    const gone = await rig.get(`${PATH}/moonshot-cn-1`, { method: 'DELETE' });
    expect(await gone.json()).toMatchObject({ note: expect.stringContaining('still in the configuration') });
    const response = await rig.chat('hi');
    expect([response.status, await codeOf(response)]).toEqual([503, 'no_credentials']);
  });

  test('what cannot be a credential is refused with the reason and without the secret', async () => {
    await using rig = await startRig({ door });
    const cases: [unknown, RegExp][] = [
      [[], /an object such as/],
      [{ key: CN_KEY_2 }, /`surface` is missing/],
      [{ surface: 'nowhere', key: CN_KEY_2 }, /`surface` is missing/],
      [{ surface: 'moonshot-cn' }, /no `key`/],
      [{ surface: 'moonshot-cn', key: `${CN_KEY_2},sk-other-0123456789` }, /one credential at a time/],
      [{ surface: 'kimi-code', key: CN_KEY_2 }, /a key of the Moonshot platform/],
      [{ surface: 'kimi-web', key: 'Cookie: a=b; c=d' }, /without `kimi-auth`/],
      [{ surface: 'moonshot-cn', key: CN_KEY_2, colour: 'red' }, /colour/],
      [{ surface: 'moonshot-cn', key: CN_KEY_2, name: 'a b' }, /a name is/],
      [{ surface: 'moonshot-cn', key: CN_KEY_2, name: 'moonshot-cn-1' }, /is taken/],
    ];
    for (const [value, reason] of cases) {
      const response = await rig.get(PATH, json(value));
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(reason);
    }
    expect((await rig.get(PATH, json(NEW))).status).toBe(201);
    expect(await (await rig.get(PATH, json({ ...NEW, name: 'again' }))).text()).toMatch(/there already/);
    expect((await rig.get(`${PATH}/nobody/test`, { method: 'POST' })).status).toBe(404);
  });

  test('what was added and switched off outlives a change of the configuration and a restart; encrypted', async () => {
    await using rig = await startRig({ door });
    await rig.get(PATH, json(NEW));
    await rig.get(`${PATH}/moonshot-cn-1/disable`, { method: 'POST' });
    rig.gateway.reconfigure(rig.load({ aliases: { neu: 'kimi-k2.6' } }).config);
    expect((await list(rig)).map(({ name, state }) => [name, state])).toContainEqual(['second', 'ready']);
    expect((await list(rig)).map(({ name, state }) => [name, state])).toContainEqual(['moonshot-cn-1', 'disabled']);
  });
});

describeMatrix('refusals that nobody knows', (door) => {
  test('are counted, kept without what looks like a secret, and shown', async () => {
    await using rig = await startRig({ door, config: { retries: { attempts: 1 } } });
    const message = (n: number) => `Quota of sk-1234567890abcdef${n} for a.b@example.org exceeded by ${n}`;
    for (const n of [1, 2, 3]) {
      rig.simulator.fail({ fault: { status: 403, message: message(n) }, match: ({ method }) => method === 'POST' });
      await (await rig.chat('hi')).text();
      for (const { id } of await rig.gateway.credentials.list()) rig.gateway.credentials.clear(id);
    }
    const { data } = (await (await rig.get('/admin/refusals')).json()) as { data: unknown[] };
    expect(data).toEqual([
      {
        ...{ surface: 'moonshot-cn', status: 403, type: null, code: null, taken_for: 'upstream_permission' },
        ...{ sentence: 'Quota of <sk> for <address> exceeded by 3', count: 3 },
        ...{ first_at: expect.any(Number), last_at: expect.any(Number) },
      },
    ]);
    expect(rig.logs.filter((line) => line.includes('not known'))).toHaveLength(1);
  });
});
