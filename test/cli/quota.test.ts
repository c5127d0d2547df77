import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { CN_KEY, startRig } from '../setup.ts';
import { Folder, moongate } from './moongate.ts';

const CN = 'sk-quota-cn-0123456789abcdef';
const AI = 'sk-quota-ai-0123456789abcdef';
const CODE = 'sk-kimi-quota-0123456789abcdef';

async function place(folder: Folder) {
  const simulator = await startSimulator({
    accounts: [
      { keys: CN, host: 'cn', balance: 12.5, voucher: 2 },
      { keys: AI, host: 'ai', balance: 7 },
      { keys: CODE, host: 'code' },
    ],
  });
  onTestFinished(() => simulator.close());
  const surfaces = {
    'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN }] },
    'moonshot-ai': { base_url: simulator.aiBaseUrl, credentials: [{ key: AI }] },
    'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key: CODE }] },
  };
  writeFileSync(join(folder.path, 'moongate.yaml'), JSON.stringify({ surfaces }));
  const asked = () => simulator.calls.filter(({ path }) => /usages|balance/.test(path)).length;
  return { simulator, asked };
}

test('without a gateway the surfaces are asked, each balance in its own currency', async () => {
  using folder = new Folder();
  const { simulator } = await place(folder);
  simulator.subscription(CODE).window.used = 40;
  const { code, stdout, stderr } = await moongate(['quota'], { cwd: folder.path });
  expect(stderr).toMatch(/^As the surfaces say/);
  expect(stdout).toMatch(/^kimi-code-1 …cdef +kimi-code +weekly +100 +100 +#{10} +in (6d 23h|7d)$/m);
  expect(stdout).toMatch(/^ +5h +60 +100 +#{6}\.{4} +in (4h 59m|5h)$/m);
  expect(stdout).toMatch(/^moonshot-cn-1 …cdef +moonshot-cn +balance +¥14\.5 +\(cash 12\.5, voucher 2\)$/m);
  expect(stdout).toMatch(/^moonshot-ai-1 …cdef +moonshot-ai +balance +\$7$/m);
  expect(code).toBe(0);
  for (const secret of [CN, AI, CODE]) expect(stdout + stderr).not.toContain(secret);
  expect(existsSync(join(folder.path, '.moongate'))).toBe(false);
});

test('within a minute nobody is asked twice, and a changed configuration is another question', async () => {
  using folder = new Folder();
  const { asked } = await place(folder);
  mkdirSync(join(folder.path, '.moongate'));
  const run = () => moongate(['quota', '--json'], { cwd: folder.path });
  const first = JSON.parse((await run()).stdout);
  const before = asked();
  const second = JSON.parse((await run()).stdout);
  expect([first.from, second.from]).toEqual(['surfaces', 'minute']);
  expect(second.accounts).toEqual(first.accounts);
  expect(asked()).toBe(before);
  writeFileSync(join(folder.path, '.env'), 'KIMI_API_KEY=sk-kimi-another-0123456789\n');
  expect(JSON.parse((await run()).stdout).from).toBe('surfaces');
});

test('what is used up or rests makes the exit code 1', async () => {
  using folder = new Folder();
  const { simulator } = await place(folder);
  simulator.subscription(CODE).weekly.used = 100;
  simulator.account(CN).cash = 0;
  simulator.account(CN).voucher = 0;
  const { code, stdout } = await moongate(['quota', '--json'], { cwd: folder.path });
  expect(code).toBe(1);
  const { accounts } = JSON.parse(stdout) as { accounts: readonly Record<string, unknown>[] };
  const of = (surface: string) => accounts.find((account) => account['surface'] === surface);
  expect(of('kimi-code')).toMatchObject({
    state: 'resting',
    because: 'quota_exhausted',
    membership: 'LEVEL_INTERMEDIATE',
  });
  expect(of('kimi-code')?.['windows']).toContainEqual(expect.objectContaining({ name: 'weekly', left: 0, limit: 100 }));
  expect(of('moonshot-cn')).toMatchObject({ balance: { available: 0, currency: 'CNY' } });
  expect(of('moonshot-ai')).toMatchObject({
    state: 'ready',
    balance: { available: 7, currency: 'USD' },
    because: null,
  });
});

test('a gateway that runs is asked, and tells what is left of the rates', async () => {
  await using rig = await startRig({
    config: ({ cnBaseUrl }) => ({
      surfaces: { 'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY, limits: { rpm: 5 } }] } },
    }),
  });
  await rig.chat('hi');
  using folder = new Folder();
  const env = { MOONGATE_LISTEN: `127.0.0.1:${rig.port}` };
  const { stdout, stderr } = await moongate(['quota'], { cwd: folder.path, env });
  expect(stderr).toMatch(/^As the gateway that runs here/);
  expect(stdout).toMatch(/^ +rpm +4 +5 +#{8}\.{2}$/m);
  const chinese = await moongate(['quota', '--lang', 'zh', '--url', rig.url], { cwd: folder.path });
  expect(chinese.stdout).toMatch(/余额 +¥1000/);
});
