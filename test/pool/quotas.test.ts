import { expect, test } from 'vitest';
import { startPoolRig } from './pool-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KEY = 'sk-kimi-first';
const OTHER = 'sk-kimi-second';

const models = { 'kimi-k2.6': 'kimi-for-coding' };
const code = (keys: string) => ({ keys, host: 'code' as const });

const startCode = (accounts: Parameters<typeof startPoolRig>[0], keys: readonly string[] = [KEY]) =>
  startPoolRig(accounts, (_, { codeBaseUrl }) => ({
    surfaces: { 'kimi-code': { base_url: codeBaseUrl, credentials: keys.map((key) => ({ key })), models } },
  }));

type Rig = Awaited<ReturnType<typeof startCode>>;

const asked = ({ simulator }: Rig, end: string) => simulator.calls.filter(({ path }) => path.endsWith(end)).length;
/** Lets what runs in the background come to its end. */
const quiet = (rig: Rig) => rig.pass(1, 1);
const infos = (rig: Rig) => rig.gateway.credentials.list();

test('a subscription whose window is used up rests until the reset, and nobody is sent there to find out', async () => {
  await using rig = await startCode([code(KEY)]);
  rig.simulator.subscription(KEY).window.used = 100;
  const resetsAt = rig.simulator.subscription(KEY).window.resetAt;
  expect(await rig.ask('one')).toMatchObject({ status: 429, text: expect.stringContaining('quota_exhausted') });
  await expect.poll(async () => (await infos(rig))[0]?.rest?.resets_at).toBe(resetsAt);
  const [info] = await infos(rig);
  expect(info).toMatchObject({ state: 'resting', rest: { because: 'quota_exhausted' } });
  expect(info?.quota?.windows.map(({ name, used, limit }) => [name, used, limit])).toEqual([
    ['weekly', 0, 100],
    ['5h', 100, 100],
  ]);
  expect(info?.quota?.membership).toBe('LEVEL_INTERMEDIATE');
  const before = asked(rig, '/messages');
  for (let passed = 0; passed < 5 * HOUR - 10 * MINUTE; passed += 10 * MINUTE) {
    await rig.pass(10 * MINUTE, 30_000);
    expect((await rig.ask('too early')).status).toBe(503);
  }
  expect(asked(rig, '/messages')).toBe(before);
  await rig.pass(11 * MINUTE, 30_000);
  expect((await rig.ask('after the reset')).status).toBe(200);
  // Once when it failed, and every half hour since.
  expect(asked(rig, '/usages')).toBeLessThanOrEqual(14);
}, 30_000);

test('a quota that begins anew early is noticed by the next look, not at the time that was told', async () => {
  await using rig = await startCode([code(KEY)]);
  rig.simulator.subscription(KEY).weekly.used = 100;
  expect((await rig.ask('one')).status).toBe(429);
  await quiet(rig);
  rig.simulator.subscription(KEY).weekly.used = 0;
  await rig.pass(30 * MINUTE, 30_000);
  expect((await rig.ask('two')).status).toBe(200);
  expect((await infos(rig))[0]).toMatchObject({ state: 'ready', rest: null });
});

test('while it is used, the quota is looked at seldom; a limit that is reached is kept before anybody meets it', async () => {
  await using rig = await startCode([code(KEY), code(OTHER)], [KEY, OTHER]);
  await Promise.all([rig.ask('a'), rig.ask('b')]);
  rig.simulator.subscription(KEY).weekly.used = 100;
  await rig.pass(5 * MINUTE + 1_000, 1_000);
  await quiet(rig);
  for (let n = 0; n < 4; n++) expect((await rig.ask(`after ${n}`)).status).toBe(200);
  const refused = rig.simulator.calls.filter(({ status }) => status === 403);
  expect(refused).toEqual([]);
  const looks = asked(rig, '/usages');
  expect(looks).toBe(2);
  // Nobody uses them: only the one that rests is looked at, every half hour.
  await rig.pass(5 * MINUTE, 1_000);
  const used = asked(rig, '/usages');
  await rig.pass(25 * MINUTE, 1_000);
  expect(asked(rig, '/usages')).toBe(used + 1);
});

test('whoever looks at the list does not make the vendor answer more than once a minute', async () => {
  await using rig = await startCode([code(KEY)]);
  for (let n = 0; n < 5; n++) await infos(rig);
  expect(asked(rig, '/usages')).toBe(1);
  await rig.pass(MINUTE, 1_000);
  await infos(rig);
  expect(asked(rig, '/usages')).toBe(2);
});

test('keys of one subscription turn out to be one account by /me, and share its thirty places', async () => {
  await using rig = await startCode([{ keys: [KEY, OTHER], host: 'code' }], [KEY, OTHER]);
  await infos(rig);
  const accounts = rig
    .pool()
    .view()
    .find(({ surface }) => surface === 'kimi-code')?.accounts;
  expect(accounts).toHaveLength(1);
  expect(accounts?.[0]).toMatchObject({ limits: { concurrency: 30 }, identity: expect.any(String) });
  await infos(rig);
  expect(asked(rig, '/me')).toBe(2);
});

test('an account that was topped up serves again when its balance shows it', async () => {
  await using rig = await startPoolRig([{ keys: 'sk-a', host: 'cn', balance: 0 }], (base) => ({
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a' }] } },
  }));
  expect((await rig.ask('one')).status).toBe(429);
  await quiet(rig);
  expect((await infos(rig))[0]?.quota?.balance).toMatchObject({ available: 0, currency: 'CNY' });
  await rig.pass(4 * MINUTE, 1_000);
  expect((await rig.ask('still empty')).status).toBe(503);
  rig.simulator.account('sk-a').cash = 5;
  await rig.pass(2 * MINUTE, 1_000);
  expect((await rig.ask('topped up')).status).toBe(200);
});
