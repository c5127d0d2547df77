import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { startFleet } from './fleet.ts';

const HOUR = 3_600_000;

describe('issued keys', () => {
  test('the first one closes a gateway that was open to this machine', async () => {
    await using fleet = await startFleet(1);
    expect((await fleet.chat('anything')).status).toBe(200);
    const { status, body } = await fleet.admin('', { method: 'POST', body: { name: 'laptop' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'laptop', state: 'active', source: 'issued', rpm: null });
    expect(body.key).toMatch(/^mg-[\w-]{43}$/);
    expect((await fleet.chat('anything')).status).toBe(401);
    expect((await fleet.chat(body.key)).status).toBe(200);
  });

  test('are told once, and masked for ever after', async () => {
    await using fleet = await startFleet(1);
    const { body } = await fleet.admin('', { method: 'POST', body: { name: 'laptop', rpm: 5 } });
    const list = await fleet.admin('');
    expect(list.body.data).toHaveLength(1);
    expect(list.body.data[0]).toMatchObject({ name: 'laptop', key: `mg-…${body.key.slice(-4)}`, rpm: 5 });
    const shown = await fleet.admin('/laptop');
    expect(shown.body).toMatchObject({
      id: body.id,
      limits: [{ of: 'requests', limit: 5, remaining: 5 }],
      spent: null,
    });
    expect(JSON.stringify([list, shown])).not.toContain(body.key);
    const rows = await fleet.gateways[0]?.runtime.state.database.use((db) =>
      db.selectFrom('inbound_keys').selectAll().execute(),
    );
    expect(JSON.stringify(rows)).not.toContain(body.key);
  });

  test('a rotated one opens for its grace, the one before it no more; a revoked one at once', async () => {
    const clock = new VirtualClock();
    await using fleet = await startFleet(1, {}, { now: clock.now });
    const first = (await fleet.admin('', { method: 'POST', body: { name: 'ci' } })).body.key;
    const rotated = await fleet.admin('/ci/rotate', { method: 'POST', body: { grace: '1h' } });
    const second = rotated.body.key;
    expect(rotated.body.previous.key).toBe(`mg-…${first.slice(-4)}`);
    const status = async (key: string) => (await fleet.chat(key)).status;
    expect(await Promise.all([status(first), status(second)])).toEqual([200, 200]);
    clock.advance(HOUR);
    expect(await Promise.all([status(first), status(second)])).toEqual([401, 200]);
    const third = (await fleet.admin('/ci/rotate', { method: 'POST', body: { grace: 0 } })).body.key;
    expect(await Promise.all([status(second), status(third)])).toEqual([401, 200]);
    expect((await fleet.admin('/ci/revoke', { method: 'POST' })).body.state).toBe('revoked');
    const refused = await fleet.chat(third);
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'key_revoked' } }]);
    expect((await fleet.chat('anything')).status).toBe(401);
    expect((await fleet.admin('/ci/rotate', { method: 'POST' })).status).toBe(400);
  });

  test('an expired one says so', async () => {
    const clock = new VirtualClock();
    await using fleet = await startFleet(1, {}, { now: clock.now });
    const expires = new Date(clock.now() + HOUR).toISOString();
    const { key } = (await fleet.admin('', { method: 'POST', body: { name: 'guest', expires } })).body;
    expect((await fleet.chat(key)).status).toBe(200);
    clock.advance(HOUR);
    const refused = await fleet.chat(key);
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'key_expired' } }]);
    expect((await fleet.admin('/guest')).body.state).toBe('expired');
  });

  test('names are unique for as long as anybody could inherit what a key has made', async () => {
    await using fleet = await startFleet(1, { keys: [{ name: 'me', key: 'of-the-configuration-0123' }] });
    const create = (name: string) => fleet.admin('', { method: 'POST', body: { name } });
    expect((await create('ann')).status).toBe(201);
    for (const name of ['ann', 'me', 'local', '', ' ', 'a/b']) {
      expect(await create(name)).toMatchObject({ status: 400, body: { error: { param: 'name' } } });
    }
    await fleet.admin('/ann/revoke', { method: 'POST' });
    expect((await create('ann')).status).toBe(400);
    expect((await fleet.admin('/ann', { method: 'DELETE' })).body.deleted).toBe(true);
    expect((await create('ann')).status).toBe(201);
  });

  test.each([
    { rules: { rpm: 0 }, param: 'rpm' },
    { rules: { expires: 'soon' }, param: 'expires' },
    { rules: { route: 'nowhere' }, param: 'route' },
    { rules: { surfaces: ['moonshot-cn', 'mars'] }, param: 'surfaces.1' },
    { rules: { budget: { daily: -1 } }, param: 'budget.daily' },
    { rules: { rmp: 3 }, param: undefined },
  ])('$rules is refused', async ({ rules, param }) => {
    await using fleet = await startFleet(1);
    const { status, body } = await fleet.admin('', { method: 'POST', body: { name: 'x', ...rules } });
    expect([status, body.error.param ?? undefined]).toEqual([400, param]);
    expect((await fleet.admin('')).body.data).toEqual([]);
  });

  test('rules can be changed, and taken away', async () => {
    await using fleet = await startFleet(1);
    const { key } = (await fleet.admin('', { method: 'POST', body: { name: 'x', models: ['kimi-k3'] } })).body;
    expect((await fleet.chat(key)).status).toBe(403);
    const changed = await fleet.admin('/x', { method: 'PATCH', body: { models: null, rpm: 1 } });
    expect(changed.body).toMatchObject({ models: null, rpm: 1 });
    expect([(await fleet.chat(key)).status, (await fleet.chat(key)).status]).toEqual([200, 429]);
  });

  test('who guesses is not listened to for a while; who has a key is', async () => {
    await using fleet = await startFleet(1);
    const { key } = (await fleet.admin('', { method: 'POST', body: { name: 'x' } })).body;
    const guesses: number[] = [];
    for (let at = 0; at < 8; at++) guesses.push((await fleet.chat(`mg-${at}`)).status);
    expect(guesses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(guesses.at(-1)).toBe(429);
    expect((await fleet.chat(key)).status).toBe(200);
  });
});

test('a key of the configuration takes a name from an issued one', async () => {
  await using fleet = await startFleet(1);
  const { key } = (await fleet.admin('', { method: 'POST', body: { name: 'ann' } })).body;
  const [gateway] = fleet.gateways;
  if (!gateway) throw new Error('no gateway');
  const { config } = gateway.runtime;
  const { Secret } = await import('../../src/config/secret.ts');
  gateway.reconfigure({ ...config, keys: [{ name: 'ann', key: new Secret('of-the-configuration') } as never] });
  await until(async () => (await fleet.chat(key)).status === 401, 'the name is taken');
  expect((await fleet.chat('of-the-configuration')).status).toBe(200);
});
