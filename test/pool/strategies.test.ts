import { expect, test } from 'vitest';
import { post, startRig } from '../setup.ts';
import { startPoolRig } from './pool-rig.ts';

const KEYS = ['sk-one', 'sk-two', 'sk-three'];
const inbound = (name: string) => ({ name, key: `inbound-${name}-0123456789` });

/** Three accounts of one surface, and what the surface saw of them. */
async function startWith(strategy: string | undefined, more: readonly object[] = [], settings: object = {}) {
  const accounts = KEYS.map((keys) => ({ keys, host: 'cn' as const }));
  const rig = await startPoolRig(accounts, (base) => ({
    surfaces: {
      'moonshot-cn': {
        ...(strategy === undefined ? {} : { strategy }),
        base_url: base,
        credentials: KEYS.map((key, index) => ({ key, ...more[index] })),
      },
    },
    ...settings,
  }));
  const chats = () => rig.simulator.calls.filter(({ path }) => path.endsWith('/chat/completions'));
  /** How often each account served, in the order of the configuration. */
  const shares = () =>
    KEYS.map((key) => chats().filter(({ headers }) => headers['authorization'] === `Bearer ${key}`).length);
  return { rig, shares, chats };
}

const ask = (content: string) => ({ model: 'kimi-k2.6', messages: [{ role: 'user', content }] });

test('round robin, the default: everybody in turn', async () => {
  const { rig, shares } = await startWith(undefined);
  await using _ = rig;
  for (let at = 0; at < 9; at++) expect((await rig.ask(`${at}`)).status).toBe(200);
  expect(shares()).toEqual([3, 3, 3]);
});

test('weighted, by what the credentials say', async () => {
  const { rig, shares } = await startWith(undefined, [{ weight: 4 }, { weight: 2 }, { weight: 0 }]);
  await using _ = rig;
  for (let at = 0; at < 12; at++) await rig.ask(`${at}`);
  expect(shares()).toEqual([8, 4, 0]);
});

test('least busy: nobody gets a second call while another has none', async () => {
  const { rig, shares } = await startWith('least_busy', [{ limits: { concurrency: 9 } }]);
  await using _ = rig;
  const slow = [1, 2, 3, 4, 5, 6].map(() => rig.ask('sim: delay 60\nsim: say hi'));
  await Promise.all(slow);
  expect(shares()).toEqual([2, 2, 2]);
});

test('sticky: a caller stays with an account, and callers spread', async () => {
  const callers = Array.from({ length: 12 }, (_, index) => inbound(`caller-${index}`));
  const { rig, shares, chats } = await startWith('sticky', [], { keys: callers });
  await using _ = rig;
  const homes = new Set<string>();
  for (const { key } of callers) {
    const before = chats().length;
    for (let turn = 0; turn < 3; turn++) {
      await rig.post('/v1/chat/completions', ask(`${turn}`), { authorization: `Bearer ${key}` });
    }
    const served = new Set(
      chats()
        .slice(before)
        .map(({ headers }) => headers['authorization']),
    );
    expect(served.size).toBe(1);
    homes.add([...served].join());
  }
  expect(homes.size).toBe(3);
  expect(shares().every((share) => share > 0)).toBe(true);
});

test('sticky: each conversation of a caller has an account of its own, over all of them', async () => {
  await using rig = await startRig({
    simulator: { accounts: KEYS.map((keys) => ({ keys, host: 'cn' as const })) },
    config: ({ cnBaseUrl }) => ({
      surfaces: {
        'moonshot-cn': { strategy: 'sticky', base_url: cnBaseUrl, credentials: KEYS.map((key) => ({ key })) },
      },
    }),
  });
  const chats = () => rig.simulator.calls.filter(({ path }) => path.endsWith('/chat/completions'));
  const homes = new Set<string>();
  for (let at = 0; at < 12; at++) {
    const before = chats().length;
    for (let turn = 0; turn < 2; turn++) {
      const response = await rig.get(`/v1/chat/completions/conversation-${at}`, post(ask(`${turn}`)));
      expect([response.status, (await response.text()).length > 0]).toEqual([200, true]);
    }
    const served = new Set(
      chats()
        .slice(before)
        .map(({ headers }) => String(headers['authorization'])),
    );
    expect(served.size).toBe(1);
    for (const home of served) homes.add(home);
  }
  expect(homes.size).toBeGreaterThan(1);
});
