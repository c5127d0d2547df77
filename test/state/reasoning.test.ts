import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { BoundedReasoningMemory } from '../../src/dialect/reasoning/bounded-reasoning-memory.ts';
import { silentLog } from '../../src/log.ts';
import { ReasoningStore } from '../../src/runtime/reasoning-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { ask, calling, callOf, resultOf, user, WEATHER } from '../dialect/proofs/proof.ts';
import { type Settings, startRig } from '../setup.ts';
import { describeDatabases } from './engines.ts';

const LIMITS = { entries: 3, bytes: 10_000, age: 60_000 };

async function process(database: Database) {
  const memory = new BoundedReasoningMemory(systemClock, LIMITS);
  const store = new ReasoningStore({ database, memory, limits: LIMITS, clock: systemClock, log: silentLog });
  await store.start();
  return { memory, store };
}

const count = (database: Database) =>
  database.use((db) => db.selectFrom('reasoning').select('id').execute()).then((rows) => rows.length);

describeDatabases('thoughts that are kept', (place) => {
  test('the next process remembers what the last one did', async () => {
    const database = (await place()).open();
    const first = await process(database);
    first.memory.remember('me', ['a', 'b'], 'hm');
    first.memory.remember('me', ['c'], 'well', { key: 'reasoning', json: '"well"' });
    first.memory.remember('me', ['a', 'b'], 'hm, no');
    await first.store.close();
    const { memory, store } = await process(database);
    expect([memory.recall('me', 'b'), memory.recall('me', 'c'), memory.recall('you', 'c')]).toEqual([
      'hm, no',
      'well',
      undefined,
    ]);
    expect(memory.recallForeign('me', 'c')).toEqual({ key: 'reasoning', json: '"well"' });
    await store.close();
    await database.close();
  });

  test('no more than the limits is kept', async () => {
    const database = (await place()).open();
    for (let turn = 0; turn < 4; turn++) {
      const { memory, store } = await process(database);
      memory.remember('me', [`x${turn}`], 'x'.repeat(100));
      memory.remember('me', [`y${turn}`], 'y'.repeat(4_000));
      await store.close();
    }
    expect(await count(database)).toBeLessThanOrEqual(3);
    await database.close();
  });

  test('without its database a process begins with nothing and fails nobody', async () => {
    const database = (await place()).open();
    await database.close();
    const { memory, store } = await process(database);
    memory.remember('me', ['a'], 'hm');
    await store.close();
    expect(memory.recall('me', 'a')).toBe('hm');
  });
});

test('a tool loop goes on over a restart, if its owner wants that', async () => {
  const data = mkdtempSync(join(tmpdir(), 'moongate-reasoning-'));
  const sent = async (store: boolean): Promise<unknown> => {
    const first = await startRig({ config: { data, reasoning: { store } } });
    const said = 'sim: think I had better look.\nsim: tool-id w:0\nsim: tool get_weather {"city":"Paris"}';
    await (await first.chat(ask(said, { tools: [WEATHER] }))).text();
    await first[Symbol.asyncDispose]();
    await using second = await startRig({ config: { data, reasoning: { store } } });
    await second.gateway.started;
    const messages = [user('hi'), { ...calling(callOf('w:0')), reasoning_content: undefined }, resultOf('w:0')];
    await (await second.chat({ model: 'kimi-k2.6', messages, tools: [WEATHER] })).text();
    return second.simulator.calls.map(({ body }) => (body as Settings | undefined)?.['messages']).at(-1);
  };
  try {
    expect(await sent(false)).toMatchObject([{}, { reasoning_content: '' }, {}]);
    expect(await sent(true)).toMatchObject([{}, { reasoning_content: 'I had better look.' }, {}]);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
