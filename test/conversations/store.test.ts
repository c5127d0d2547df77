import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Conversation } from '../../src/conversations/conversation.ts';
import { ConversationStore, type ListQuery } from '../../src/conversations/conversation-store.ts';
import { Retention } from '../../src/conversations/retention.ts';
import type { ConversationSettings } from '../../src/conversations/settings.ts';
import { silentLog } from '../../src/log.ts';
import { describeDatabases } from '../state/engines.ts';

const fresh = (more: Partial<Conversation> = {}): Conversation => ({
  ...{ id: 'x1', owner: 'me', name: 'a', title: 'T', model: undefined, createdAt: 1, usedAt: 1, turns: 0, bytes: 0 },
  ...{ version: 1, details: {} },
  ...more,
});

const SETTINGS: ConversationSettings = {
  ...{ on_lost: 'error', overflow: 'error', queue: 1, wait_ms: 1, keep: 100, keep_all: 100, age_days: 0 },
  ...{ bytes: 1e9, bytes_all: 1e9, conversation_bytes: 1e9 },
};

/** One with a turn, that was used at `usedAt`. */
async function put(store: ConversationStore, name: string, usedAt: number, more: Partial<Conversation> = {}) {
  const conversation = fresh({ id: `id-${more.owner ?? 'me'}-${name}`, name, usedAt, turns: 1, bytes: 100, ...more });
  const asked = [{ role: 'user', content: `Said in ${name}: 100% ÄÖ_\\ 你好` }];
  const turn = { id: `t-${conversation.id}`, seq: 0, at: 1, state: 'open' as const, asked };
  await store.write({ conversation, put: [turn], fence: 1 });
}

describeDatabases('the store of conversations', (place) => {
  test('the list: by last use, page by page, of one owner, by words', async () => {
    const database = (await place()).open();
    const store = new ConversationStore(database);
    for (const [name, at] of Object.entries({ a: 3, b: 5, c: 3, d: 1, e: 4 })) await put(store, name, at);
    await put(store, 'b', 9, { owner: 'you' });
    await put(store, 'titled', 2, { title: 'Über Öl & 50_%' });
    const list = async (more: Partial<ListQuery> = {}) => {
      const query = { owner: 'me', search: undefined, after: undefined, limit: 10, order: 'desc' as const, since: 0 };
      return (await store.list({ ...query, ...more })).map(({ name }) => name);
    };
    expect(await list()).toEqual(['b', 'e', 'c', 'a', 'titled', 'd']);
    expect(await list({ order: 'asc', limit: 2 })).toEqual(['d', 'titled']);
    expect(await list({ after: 'e', limit: 2 })).toEqual(['c', 'a']);
    expect(await list({ after: 'c', order: 'asc' })).toEqual(['e', 'b']);
    expect(await list({ since: 4 })).toEqual(['b', 'e']);
    expect(await list({ owner: 'you' })).toEqual(['b']);
    expect(await list({ owner: 'nobody' })).toEqual([]);
    for (const search of ['SAID IN e', 'in e: 100% äö_\\ 你', 'E: 100%']) expect(await list({ search })).toEqual(['e']);
    for (const search of ['über', 'Über Öl', 'ÖL & 50_%', 'titled']) {
      // SQLite makes only ASCII letters small: elsewhere a title is found as it is written.
      const found = await list({ search });
      if (database.kind === 'postgres' || search === 'Über Öl' || search === 'titled')
        expect(found).toEqual(['titled']);
    }
    for (const search of ['said_in', '%', '100%%', '\\\\'])
      expect(await list({ search })).toEqual(search === '%' ? await list() : []);
    await database.close();
  });

  test('what is too much or too old goes, the least used first, and nobody else’s', async () => {
    const database = (await place()).open();
    const store = new ConversationStore(database);
    const now = Date.now();
    for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) await put(store, name, now + at);
    await put(store, 'x', now - 10, { owner: 'you', bytes: 5_000 });
    await put(store, 'old', now - 3 * 86_400_000, { owner: 'him' });
    const names = async () => {
      const rows = await database.use((db) => db.selectFrom('conversations').select('name').orderBy('name').execute());
      const turns = await database.use((db) => db.selectFrom('conversation_turns').select('id').execute());
      expect(turns).toHaveLength(rows.length);
      return rows.map(({ name }) => name);
    };
    let settings = { ...SETTINGS, age_days: 1 };
    const running = new Set(['a']);
    const retention = new Retention({
      ...{ database, clock: systemClock, log: silentLog, settings: () => settings },
      isRunning: ({ name }) => running.has(name),
    });
    await retention.sweep();
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'x']);
    settings = { ...SETTINGS, keep: 2 };
    await retention.sweep();
    expect(await names()).toEqual(['a', 'd', 'x']);
    running.clear();
    settings = { ...SETTINGS, bytes: 150 };
    await retention.sweep();
    expect(await names()).toEqual(['d']);
    settings = { ...SETTINGS, bytes_all: 50 };
    await retention.sweep();
    expect(await names()).toEqual([]);
    await Promise.all([retention.close(), database.close()]);
  });

  test('what is read while others write belongs to one moment', async () => {
    const where = await place();
    const [writing, reading] = [where.open(), where.open()];
    const [writer, reader] = [new ConversationStore(writing), new ConversationStore(reading)];
    await writer.write({ conversation: fresh(), put: [], fence: 1 });
    let isOver = false;
    const work = (async () => {
      for (let at = 0; at < 150; at++) {
        const turn = { id: `t${at}`, seq: at, at: 1, state: 'open' as const, asked: [] };
        await writer.write({ conversation: fresh({ version: at + 2, turns: at + 1 }), put: [turn], fence: 1 });
      }
      isOver = true;
    })();
    while (!isOver) {
      const read = await reader.read('me', 'a');
      expect(read?.turns).toHaveLength(read?.conversation.turns ?? -1);
    }
    await work;
    await Promise.all([writing.close(), reading.close()]);
  });

  test('only who has seen the last change may make the next one, and no holder of an older lock', async () => {
    const one = (await place()).open();
    const store = new ConversationStore(one);
    const busy = expect.objectContaining({ code: 'conversation_busy' });
    await store.write({ conversation: fresh(), put: [], fence: 10 });
    await expect(store.write({ conversation: fresh({ id: 'x2' }), put: [], fence: 11 })).rejects.toEqual(busy);
    await store.write({ conversation: fresh({ version: 2, title: 'two' }), put: [], fence: 12 });
    const turn = { id: 't', seq: 0, at: 1, state: 'open' as const, asked: [] };
    await expect(store.write({ conversation: fresh({ version: 2 }), put: [turn], fence: 13 })).rejects.toEqual(busy);
    await expect(store.write({ conversation: fresh({ version: 3 }), put: [turn], fence: 11 })).rejects.toEqual(busy);
    expect(await store.read('me', 'a')).toMatchObject({ conversation: { title: 'two', version: 2 }, turns: [] });
    expect(await store.read('you', 'a')).toBeUndefined();
    await store.write({ conversation: fresh({ version: 3 }), put: [turn], fence: 12 });
    expect(await store.delete('x1')).toBe(true);
    await expect(store.write({ conversation: fresh({ version: 4 }), put: [], fence: 14 })).rejects.toEqual(busy);
    expect(await store.read('me', 'a')).toBeUndefined();
    await one.close();
  });
});
