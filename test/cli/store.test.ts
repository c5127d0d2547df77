import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Postgres } from '../services/postgres.ts';
import { placeOf } from '../state/engines.ts';
import { Folder, moongate } from './moongate.ts';

const folder = new Folder();
const cwd = folder.path;
const empty = new Folder();

beforeAll(async () => {
  const database = placeOf({ kind: 'sqlite', path: join(cwd, '.moongate', 'moongate.db') }).open();
  const now = systemClock.now();
  const rows = Array.from({ length: 40 }, (_, at) => ({
    id: `row-${at}`,
    at: now - at * 1_800_000,
    key_name: at % 4 === 0 ? 'ci' : 'laptop',
    protocol: 'openai-chat',
    asked: 'kimi',
    model: at % 2 === 0 ? 'kimi-k3' : '=kimi\u001b[31m',
    surface: 'moonshot-cn',
    credential: 'main …4711',
    status: at % 10 === 0 ? 429 : 200,
    error: at % 10 === 0 ? 'rate_limited' : null,
    complete: 1,
    tokens_in: 10_000,
    tokens_cached: 9_000,
    tokens_out: 500,
    cost_nano: at % 2 === 0 ? 120_000_000 : null,
    currency: at % 2 === 0 ? 'CNY' : null,
    first_ms: 300,
    total_ms: 900,
    repairs: 0,
    fallbacks: 0,
  }));
  await database.use((db) => db.insertInto('ledger').values(rows).execute());
  await database.close();
});

afterAll(() => {
  folder[Symbol.dispose]();
  empty[Symbol.dispose]();
});

describe('usage', () => {
  test('is a table with sums and a trend', async () => {
    const { code, stdout, stderr } = await moongate(['usage', '--since', '24h'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, ...lines] = stdout.trimEnd().split('\n');
    const total = lines.at(-1);
    expect(head).toMatch(/^MODEL +REQUESTS +FAILED +TOKENS IN +CACHED +OUT +COST +FIRST BYTE +TREND$/);
    expect(lines.find((line) => line.startsWith('kimi-k3'))).toMatch(
      /^kimi-k3 +20 +4 +200\.0K +90% +10\.0K +¥2\.40 +300 ms +[▁-█ ]+$/,
    );
    expect(stdout).toMatch(/[▁▂▃▄▅▆▇█]{3}/);
    expect(total).toMatch(/^total +40 +4 .*¥2\.40 \+ \?/);
    // A client's words must not reach the terminal's controls.
    expect(stdout).not.toContain('\u001b');
  });

  test('by several, of one key, in JSON and in Chinese', async () => {
    const args = ['usage', '--by', 'key,model', '--key-name', 'ci', '--json'];
    const { rows } = JSON.parse((await moongate(args, { cwd })).stdout);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ key: 'ci', model: 'kimi-k3', requests: 10, cost: { CNY: 1.2 } });
    const none = await moongate(['usage', '--lang', 'zh', '--model', 'other'], { cwd });
    expect(none.stdout).toBe('这段时间内没有调用。\n');
  });

  test('as CSV, sums and calls, without formulas for a spreadsheet', async () => {
    const sums = (await moongate(['usage', '--csv', '--by', 'model'], { cwd })).stdout.split('\r\n');
    expect(sums[0]).toMatch(/^model,requests,failed,.*,cost_cny$/);
    expect(sums.find((line) => line.includes('[31m'))).toMatch(/^'=kimi/);
    const calls = (await moongate(['usage', '--calls', '--csv'], { cwd })).stdout.trimEnd().split('\r\n');
    expect(calls).toHaveLength(41);
    const lines = (await moongate(['usage', '--calls'], { cwd })).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toHaveLength(40);
  });

  test.each([
    [['--by', 'weather'], cwd, 'there are model'],
    [['--since', 'soon'], cwd, 'a span such as 24h'],
    [[], empty.path, 'There is no ledger yet'],
    [['--url', 'http://127.0.0.1:9'], cwd, 'No gateway can be reached'],
  ])('%j says what is wrong', async (args, where, words) => {
    const { code, stdout, stderr } = await moongate(['usage', ...args], { cwd: where });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(words);
  });
});

test('backup makes a copy that can take the place of the file', async () => {
  const made = await moongate(['backup', 'copy.db'], { cwd });
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^copy\.db: \d+ KiB, checked\n$/)]);
  const again = await moongate(['backup', 'copy.db'], { cwd });
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('already a file')]);
  const copy = placeOf({ kind: 'sqlite', path: join(cwd, 'copy.db') }).open();
  expect(await copy.use((db) => db.selectFrom('ledger').select('id').execute())).toHaveLength(40);
  await copy.close();
  expect((await moongate(['backup', 'x.db'], { cwd: empty.path })).stderr).toContain('nothing to back up');
});

test('migrate-store moves to PostgreSQL once, and usage reads there', async () => {
  await using server = await Postgres.start();
  const database = await server.createDatabase();
  const env = { MOONGATE_DATABASE: database };
  const moved = await moongate(['migrate-store'], { cwd, env });
  expect(moved.stdout).toMatch(/ledger +40/);
  expect(moved.stdout + moved.stderr).not.toContain('never-shown-4711');
  const again = await moongate(['migrate-store', '--to', database], { cwd });
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('The target is not empty')]);
  expect((await moongate(['usage', '--json'], { cwd, env })).stdout).toContain('"requests": 40');
  expect((await moongate(['migrate-store'], { cwd })).stderr).toContain('--to is missing');
  const backup = await moongate(['backup', 'pg.db'], { cwd, env });
  expect([backup.code, backup.stderr]).toEqual([1, expect.stringContaining('pg_dump')]);
});
