import { expect, test } from 'vitest';
import { Served, serve } from '../process.ts';
import { until } from '../until.ts';
import { Folder, moongate } from './moongate.ts';

const ADMIN = 'admin-key-0123456789abcdef';

/** Whether a key opens a gateway that answers nobody's questions. */
async function statusOf(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  await response.text();
  return response.status;
}

test('without a gateway, in the database itself', async () => {
  using folder = new Folder();
  const run = (...args: string[]) => moongate(['keys', ...args], { cwd: folder.path });
  const rules = [
    '--models',
    'kimi-k2*,kimi-k3',
    '--rpm',
    '30',
    '--monthly',
    '20',
    '--currency',
    'CNY',
    '--expires',
    '30d',
  ];
  const created = await run('create', 'ci', ...rules);
  expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining('never shown again') });
  expect(created.stdout).toMatch(/^mg-[\w-]{43}\n$/);
  const key = created.stdout.trim();
  const list = await run('list');
  expect(list.stdout).toMatch(/^NAME +KEY +SOURCE +STATE +MAY USE +LIMITS +EXPIRES\n/);
  expect(list.stdout).toMatch(
    /^ci +mg-…[\w-]{4} +issued +active +kimi-k2\*, kimi-k3 +30 rpm, 20 CNY\/month +\d{4}-\d\d-\d\d$/m,
  );
  expect(list.stdout).not.toContain(key);
  const shown = await run('show', 'ci');
  expect(shown.stdout).toContain('requests: left in this minute 30 / 30');
  expect(shown.stdout).toContain('spent this month: 0 CNY / 20');
  const rotated = JSON.parse((await run('rotate', 'ci', '--grace', '1h', '--json')).stdout);
  expect(rotated).toMatchObject({ name: 'ci', previous: { key: `mg-…${key.slice(-4)}` } });
  expect((await moongate(['keys', 'revoke', 'ci', '--lang', 'zh'], { cwd: folder.path })).stdout).toBe('已吊销。\n');
  expect(JSON.parse((await run('list', '--json')).stdout)).toMatchObject([{ name: 'ci', state: 'revoked' }]);
  expect((await run('create', 'ci')).stderr).toContain('There is a key "ci"');
  expect((await run('revoke', 'ci', '--forget')).stdout).toBe('Revoked and forgotten.\n');
  expect((await run('list')).stdout).toBe('There are no keys.\n');
});

test.each([
  [['create', 'x', '--currency', 'CNY'], 2, '--currency and --unpriced belong to'],
  [['create', 'x', '--expires', 'soon'], 1, '`expires` must be a day'],
  [['create', 'x', '--surfaces', 'mars'], 1, 'There is no surface "mars"'],
  [['show', 'nobody'], 1, 'There is no key "nobody"'],
])('%s', async (args, code, message) => {
  using folder = new Folder();
  const failed = await moongate(['keys', ...args], { cwd: folder.path });
  expect([failed.code, failed.stderr]).toEqual([code, expect.stringContaining(message)]);
});

test('of a gateway that others can reach: it starts with an issued key only, and is changed while it runs', async () => {
  const settings = { listen: '0.0.0.0:0', admin_key: ADMIN };
  await using refused = new Served(settings, []);
  expect(await refused.exit()).toBe(1);
  expect(refused.stderr).toContain('can be reached by others');
  const { folder } = refused;
  const key = (await moongate(['keys', 'create', 'first'], { cwd: folder })).stdout.trim();
  await using running = await serve(settings, '--data', `${folder}/.moongate`);
  const url = (await running.url()).replace('0.0.0.0', '127.0.0.1');
  expect([await statusOf(url, key), await statusOf(url, 'any')]).toEqual([503, 401]);
  const run = (...args: string[]) =>
    moongate(['keys', ...args, '--url', url, '--admin-key', ADMIN], { cwd: running.folder });
  const second = (await run('create', 'second')).stdout.trim();
  expect(await statusOf(url, second)).toBe(503);
  expect((await run('revoke', 'first')).stdout).toBe('Revoked.\n');
  expect(await statusOf(url, key)).toBe(401);
  expect((await run('list')).stdout).toMatch(/first .* revoked/);
  const locked = await moongate(['keys', 'list', '--url', url, '--admin-key', 'wrong'], { cwd: running.folder });
  expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining('This is not the admin key')]);
});

test('of a gateway whose admin API is closed: through its database, and it sees it within seconds', async () => {
  await using running = await serve({ listen: '127.0.0.1:0', keys: [{ name: 'own', key: 'own-key-0123456789' }] });
  const url = await running.url();
  const surroundings = { cwd: running.folder, env: { MOONGATE_LISTEN: new URL(url).host } };
  const key = (await moongate(['keys', 'create', 'late'], surroundings)).stdout.trim();
  expect(key).toMatch(/^mg-/);
  expect(await statusOf(url, key)).toBe(503);
  await moongate(['keys', 'revoke', 'late'], surroundings);
  await until(async () => (await statusOf(url, key)) === 401, 'the revocation');
});
