import { expect, test } from 'vitest';
import { startPoolRig } from './pool-rig.ts';

const cn = (keys: string) => ({ keys, host: 'cn' as const });

test('a full account on the first surface means the next surface, and both full means whichever is free first', async () => {
  await using rig = await startPoolRig([cn('sk-first'), cn('sk-second')], (base) => ({
    routes: { default: ['moonshot-cn', 'backup'] },
    surfaces: {
      'moonshot-cn': { base_url: base, concurrency: 1, credentials: [{ key: 'sk-first' }] },
      backup: { type: 'compatible', base_url: base, concurrency: 1, credentials: [{ key: 'sk-second' }] },
    },
  }));
  const answers = await Promise.all([1, 2, 3].map((number) => rig.ask(`question ${number}`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const surfaces = answers.map(({ headers }) => headers.get('x-moongate-surface'));
  expect(surfaces.slice(0, 2)).toEqual(['moonshot-cn', 'backup']);
  expect(rig.refusals()).toEqual([]);
});

test('an empty account rests, and the client is told why and when to come back', async () => {
  await using rig = await startPoolRig([{ ...cn('sk-empty'), balance: 0 }], (base) => ({
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-empty' }] } },
  }));
  expect(await rig.ask('first')).toMatchObject({ status: 429, text: expect.stringContaining('quota_exhausted') });
  const second = await rig.ask('second');
  expect(second).toMatchObject({ status: 503, text: expect.stringContaining('resting (quota_exhausted)') });
  expect(second.headers.get('retry-after')).toBe('300');
  expect(rig.refusals()).toHaveLength(1);

  // Topped up: the owner need not wait for the rest to end.
  rig.simulator.account('sk-empty').cash = 10;
  await rig.gateway.runtime.side.desk.test('moonshot-cn-1');
  expect((await rig.ask('third')).status).toBe(200);
});

test('the queue is bounded, and what waits too long is told when to come back', async () => {
  await using rig = await startPoolRig([cn('sk-a')], (base) => ({
    limits: { queue: 1 },
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a', limits: { rpm: 1 } }] } },
    timeouts: { queue_ms: '2m' },
  }));
  expect((await rig.ask('served')).status).toBe(200);
  const waiting = rig.ask('waits a minute');
  const refused = await rig.ask('one too many');
  expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('limits.queue') });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
  await rig.pass(61_000, 500);
  expect((await waiting).status).toBe(200);
  expect(rig.refusals()).toEqual([]);
});

test('tier, own limits and the surface’s concurrency make the limits of an account', async () => {
  await using rig = await startPoolRig([cn('sk-a')], (base) => ({
    surfaces: {
      'moonshot-cn': {
        base_url: base,
        concurrency: 20,
        credentials: [
          { key: 'sk-a', tier: 1, limits: { rpm: 100 }, weight: 2 },
          { key: 'sk-b', tier: 0 },
        ],
      },
    },
  }));
  const { accounts, strategy } = rig.platform();
  expect(strategy).toBe('weighted');
  expect(accounts.map(({ limits }) => limits)).toEqual([
    { concurrency: 20, rpm: 100, tpm: 2_000_000, tpd: null },
    { concurrency: 1, rpm: 3, tpm: 500_000, tpd: 1_500_000 },
  ]);
});

test('a change of configuration keeps what is known, and those who wait under the old one are served', async () => {
  await using rig = await startPoolRig([cn('sk-a')], (base) => ({
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a', limits: { rpm: 2 } }] } },
    timeouts: { queue_ms: '2m' },
  }));
  await Promise.all([rig.ask('one'), rig.ask('two')]);
  const old = rig.ask('three');
  await rig.pass(500, 500);
  expect(rig.pool().waiting).toBe(1);
  rig.gateway.reconfigure(rig.gateway.runtime.config);
  const young = rig.ask('four');
  await rig.pass(62_000, 500);
  expect([(await old).status, (await young).status]).toEqual([200, 200]);
  expect(rig.platform().accounts[0]?.used.rpm).toBe(2);
});

test('the model list is what all usable credentials offer together', async () => {
  await using rig = await startPoolRig(
    [
      { keys: 'sk-old', host: 'cn', entitlements: { k3: false } },
      { keys: 'sk-new', host: 'cn', entitlements: { k2: false } },
    ],
    (base) => ({
      surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-old' }, { key: 'sk-new' }] } },
    }),
  );
  const ids = async () => {
    const response = await rig.gateway.fetch('http://moongate/v1/models');
    const { data = [] } = (await response.json()) as { data?: { id: string; surfaces: string[] }[] };
    return data.filter(({ surfaces }) => surfaces.includes('moonshot-cn')).map(({ id }) => id);
  };
  expect(await ids()).toEqual(expect.arrayContaining(['kimi-k2.6', 'kimi-k3']));
  // Whoever has the model serves it, whoever is asked first.
  for (const model of ['kimi-k2.6', 'kimi-k3', 'kimi-k2.6', 'kimi-k3']) {
    expect((await rig.ask('hi', model)).status).toBe(200);
  }
  rig.gateway.credentials.setEnabled('moonshot-cn-1', false);
  await expect.poll(ids).not.toContain('kimi-k2.6');
  expect(await ids()).toContain('kimi-k3');
  rig.gateway.credentials.setEnabled('moonshot-cn-1', true);
  await expect.poll(ids).toContain('kimi-k2.6');
  for (const { id } of await rig.gateway.credentials.list()) rig.gateway.credentials.setEnabled(id, false);
  expect(await ids()).toEqual([]);
});
