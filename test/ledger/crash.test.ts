import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import type { Database } from '../../src/storage/database.ts';
import { Served, serve } from '../process.ts';
import { Postgres } from '../services/postgres.ts';
import { AI_KEY, CN_KEY, platform, post, type Settings } from '../setup.ts';
import { placeOf } from '../state/engines.ts';
import { until } from '../until.ts';

/** More with `KILLS=50`. */
const KILLS = Number(process.env['KILLS'] ?? 8);
/** In the first batch, between batches, in the midst of one: what comes first is opening and migrating. */
const DELAYS_MS = [100, 3_700, 700, 1_050, 3_100, 400, 1_500, 2_030];
/** A row waits this long for others at most; a busy machine adds some. */
const BATCH_MS = 1_000;
const SLACK_MS = 1_500;

let simulator: Simulator;
let data: string;
let open: Database[] = [];

beforeAll(async () => {
  simulator = await startSimulator({
    accounts: [
      { keys: CN_KEY, host: 'cn', id: 'org-cn' },
      { keys: AI_KEY, host: 'ai', id: 'org-ai' },
    ],
  });
  data = mkdtempSync(join(tmpdir(), 'moongate-crash-'));
});

afterAll(async () => {
  for (const database of open) await database.close();
  open = [];
  await simulator.close();
  rmSync(data, { recursive: true });
});

const settings = (more: Settings): Settings => ({
  listen: '127.0.0.1:0',
  surfaces: platform(simulator),
  log: { level: 'warn' },
  ...more,
});

interface Answered {
  readonly id: string;
  readonly at: number;
}

/** Asks until it is told to stop; resolves with the requests whose whole answer has arrived. */
class Load {
  readonly answered: Answered[] = [];
  readonly refused: number[] = [];
  #isOver = false;
  readonly #asking: Promise<unknown>;

  constructor(url: string, clients: number) {
    this.#asking = Promise.all(Array.from({ length: clients }, () => this.#ask(url)));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }

  async #ask(url: string): Promise<void> {
    const body = { model: 'kimi-k2.6', messages: [{ role: 'user', content: 'sim: say hi' }] };
    while (!this.#isOver) {
      try {
        const response = await fetch(`${url}/v1/chat/completions`, post(body));
        await response.text();
        if (response.status !== 200) this.refused.push(response.status);
        else this.answered.push({ id: response.headers.get('x-request-id') ?? '', at: Date.now() });
      } catch {
        return; // killed
      }
    }
  }
}

const idsIn = async (database: Database): Promise<ReadonlySet<string>> => {
  const rows = await database.use((db) => db.selectFrom('ledger').select('id').execute());
  return new Set(rows.map(({ id }) => id));
};

test(
  'killed under load, again and again: no row is lost that is older than a batch, and nothing is damaged',
  async () => {
    const ids = new Set<string>();
    let owed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await using served = await serve(settings({ data }));
      const load = new Load(await served.url(), 8);
      await until(() => load.answered.length > 20, 'load');
      await new Promise((resolve) => setTimeout(resolve, DELAYS_MS[kill % DELAYS_MS.length]));
      served.signal('SIGKILL');
      const killedAt = Date.now();
      await served.exit();
      await load.stop();
      expect(load.refused).toEqual([]);
      // Opening runs SQLite's check of the file.
      const database = placeOf({ kind: 'sqlite', path: join(data, 'moongate.db') }).open();
      const found = await idsIn(database);
      await database.close();
      const old = load.answered.filter(({ at }) => at < killedAt - BATCH_MS - SLACK_MS);
      owed += old.length;
      expect(old.filter(({ id }) => !found.has(id))).toEqual([]);
      // What an earlier process wrote is still there.
      expect([...ids].filter((id) => !found.has(id))).toEqual([]);
      for (const id of found) ids.add(id);
    }
    // Else nothing was tested.
    expect(owed).toBeGreaterThan(50);
  },
  15_000 * KILLS,
);

test('SIGTERM loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-term-'));
  await using served = await serve(settings({ data: folder }));
  const load = new Load(await served.url(), 4);
  await until(() => load.answered.length > 30, 'load');
  await load.stop();
  served.signal('SIGTERM');
  expect(await served.exit()).toBe(0);
  const database = placeOf({ kind: 'sqlite', path: join(folder, 'moongate.db') }).open();
  const found = await idsIn(database);
  expect(load.answered.filter(({ id }) => !found.has(id))).toEqual([]);
  expect(found.size).toBe(load.answered.length);
  await database.close();
  rmSync(folder, { recursive: true });
});

test('PostgreSQL stopped and started in mid-load: calls are served all the time, and every row arrives', async () => {
  await using server = await Postgres.start();
  const url = await server.createDatabase();
  await using served = await serve(settings({ database: url, data }));
  const address = await served.url();
  const load = new Load(address, 4);
  const usage = async () => (await fetch(`${address}/admin/usage`)).status;
  await until(async () => (await usage()) === 200 && load.answered.length > 20, 'rows');
  await server.stop();
  expect(await usage()).toBe(503);
  const before = load.answered.length;
  await until(() => load.answered.length > before + 50, 'answers while the database is away');
  await server.start();
  await until(async () => (await usage()) === 200, 'the database again');
  await load.stop();
  expect(load.refused).toEqual([]);
  const database = placeOf({ kind: 'postgres', url }).open();
  open.push(database);
  const missing = async () => {
    const found = await idsIn(database);
    return load.answered.filter(({ id }) => !found.has(id)).length;
  };
  await until(async () => (await missing()) === 0, 'every row', 40_000);
  expect(served.stderr).toContain('the database is lost');
  expect(served.stderr).toContain('the database is back');
  expect(served.stderr + served.stdout).not.toContain('never-shown-4711');
  await database.close();
});

test('replicas that start together on one empty database migrate it once', async () => {
  await using server = await Postgres.start();
  const database = await server.createDatabase();
  const replicas = await Promise.all(
    [0, 1, 2].map(async () => {
      const served = new Served(settings({ database }), []);
      const address = await served.url();
      return { served, status: (await fetch(`${address}/admin/usage`)).status };
    }),
  );
  expect(replicas.map(({ status }) => status)).toEqual([200, 200, 200]);
  for (const { served } of replicas) await served[Symbol.asyncDispose]();
});
