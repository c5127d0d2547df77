import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtCli, serve } from '../process.ts';
import { until } from '../until.ts';
import { checkConversation, type StoredMessage } from './model-checker.ts';
import { DataFolder } from './seed-example.ts';
import { startWitness, witnessSurface } from './witness-surface.ts';
import { Writers } from './writers.ts';

const run = promisify(execFile);

test('a backup under load has every turn that was acknowledged before it, and a gateway goes on from it', async () => {
  using data = new DataFolder();
  using restored = new DataFolder();
  await using surface = await startWitness();
  const settings = (folder: string) => ({
    ...{ listen: '127.0.0.1:0', data: folder, surfaces: witnessSurface(surface) },
    log: { level: 'warn' },
  });
  await using served = await serve(settings(data.path));
  const url = await served.url();
  const writers = new Writers({ writers: 12, conversations: 3, url: () => url });
  await until(() => writers.acknowledged.length > 40, 'load', 30_000);
  const begunAt = performance.now();
  mkdirSync(restored.path, { recursive: true });
  const copy = join(restored.path, 'moongate.db');
  const before = writers.acknowledged.length;
  const { stdout } = await run(process.execPath, [builtCli(), 'backup', copy, '--data', data.path], { env: {} });
  expect(stdout).toContain('checked');
  await until(() => writers.acknowledged.length > before + 20, 'turns during and after the backup', 30_000);
  await writers.stop();

  const database = new DatabaseSync(copy);
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
  const then = writers.acknowledged.filter(({ ackedAt }) => ackedAt < begunAt);
  await using next = await serve(settings(restored.path));
  const there = await next.url();
  for (const name of ['c0', 'c1', 'c2']) {
    const read = async () =>
      ((await (await fetch(`${there}/v1/conversations/${name}`)).json()) as { messages: StoredMessage[] }).messages;
    const own = then.filter(({ conversation }) => conversation === name);
    const stored = await read();
    checkConversation(name, stored, own);
    expect(own.length).toBeGreaterThan(0);
    // And it is a database to go on with.
    const body = { model: 'kimi-k2.6', messages: [{ role: 'user', content: 'Go on.' }] };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    expect((await fetch(`${there}/v1/chat/completions/${name}`, init)).status).toBe(200);
    checkConversation(name, await read(), own);
  }
}, 120_000);
