import { describe, expect, test } from 'vitest';
import { DatabaseResponseStore } from '../../src/responses/database-response-store.ts';
import { MemoryResponseStore } from '../../src/responses/memory-response-store.ts';
import type { ResponseStore, StoredResponse, StoreLimits } from '../../src/responses/response-store.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { describeDatabases } from './engines.ts';

const HOUR = 3_600_000;
const LIMITS: StoreLimits = { keep: 100, bytes: 1_000_000, age_ms: 100 * HOUR };

type MakeStore = (clock: VirtualClock, limits: StoreLimits) => Promise<ResponseStore> | ResponseStore;

function stored(
  id: string,
  more: Partial<StoredResponse> & { readonly status?: 'queued' | 'completed' } = {},
): StoredResponse {
  const { status = 'completed', ...rest } = more;
  return {
    id,
    owner: 'me',
    createdAt: 0,
    response: { id, object: 'response', status, output: [{ type: 'message', id: `out-${id}` }] },
    input: [{ type: 'message', id: `in-${id}`, role: 'user', content: [] }],
    previous: undefined,
    conversation: undefined,
    ...rest,
  };
}

function contract(make: MakeStore): void {
  const begin = async (limits: Partial<StoreLimits> = {}) => {
    const clock = new VirtualClock();
    return { clock, store: await make(clock, { ...LIMITS, ...limits }) };
  };
  const here = async (store: ResponseStore, ids: readonly string[], owner = 'me') => {
    const found: string[] = [];
    for (const id of ids) if (await store.get(owner, id)) found.push(id);
    return found;
  };

  test('a response comes back as it was put, and a newer state takes its place', async () => {
    const { clock, store } = await begin();
    const queued = stored('a', { status: 'queued', createdAt: clock.now() });
    await store.put(queued);
    expect(await store.get('me', 'a')).toEqual(queued);
    const done = stored('a', { createdAt: clock.now(), conversation: 'c', previous: 'z' });
    await store.put(done);
    expect(await store.get('me', 'a')).toEqual(done);
  });

  test('nobody sees, changes or deletes what another has', async () => {
    const { clock, store } = await begin();
    await store.put(stored('a', { createdAt: clock.now(), conversation: 'c' }));
    expect(await store.get('you', 'a')).toBeUndefined();
    expect(await store.newestIn('you', 'c')).toBeUndefined();
    expect((await store.items('you', ['out-a'])).size).toBe(0);
    expect(await store.delete('you', 'a')).toBe(false);
    expect(await here(store, ['a'])).toEqual(['a']);
  });

  test('what is deleted is gone with its items', async () => {
    const { clock, store } = await begin();
    await store.put(stored('a', { createdAt: clock.now() }));
    expect(await store.delete('me', 'a')).toBe(true);
    expect(await store.delete('me', 'a')).toBe(false);
    expect(await store.get('me', 'a')).toBeUndefined();
    expect((await store.items('me', ['out-a'])).size).toBe(0);
  });

  test('items of outputs are found by id', async () => {
    const { clock, store } = await begin();
    await store.put(stored('a', { createdAt: clock.now() }));
    await store.put(stored('b', { createdAt: clock.now() }));
    const items = await store.items('me', ['out-b', 'out-a', 'in-a', 'nobody']);
    expect([...items].sort()).toEqual([
      ['out-a', { type: 'message', id: 'out-a' }],
      ['out-b', { type: 'message', id: 'out-b' }],
    ]);
  });

  test('a conversation has its newest ended response, and the one before when that goes', async () => {
    const { clock, store } = await begin();
    const at = { createdAt: clock.now(), conversation: 'c' };
    await store.put(stored('a', at));
    await store.put(stored('b', { ...at, createdAt: at.createdAt + 1, previous: 'a' }));
    await store.put(stored('q', { ...at, createdAt: at.createdAt + 2, previous: 'b', status: 'queued' }));
    expect((await store.newestIn('me', 'c'))?.id).toBe('b');
    await store.delete('me', 'b');
    expect((await store.newestIn('me', 'c'))?.id).toBe('a');
    await store.delete('me', 'a');
    expect(await store.newestIn('me', 'c')).toBeUndefined();
  });

  test('nothing is kept longer than the age', async () => {
    const { clock, store } = await begin();
    await store.put(stored('a', { createdAt: clock.now(), conversation: 'c' }));
    clock.advance(LIMITS.age_ms);
    expect(await here(store, ['a'])).toEqual(['a']);
    clock.advance(1);
    expect(await here(store, ['a'])).toEqual([]);
    expect(await store.newestIn('me', 'c')).toBeUndefined();
    expect((await store.items('me', ['out-a'])).size).toBe(0);
  });

  test('too many: whoever has the most loses what was not used for longest', async () => {
    const { clock, store } = await begin({ keep: 4 });
    const createdAt = clock.now();
    await store.put(stored('theirs', { createdAt, owner: 'you' }));
    for (const id of ['a', 'b', 'c']) await store.put(stored(id, { createdAt }));
    clock.advance(HOUR);
    await store.get('me', 'a');
    await store.put(stored('d', { createdAt }));
    expect(await here(store, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
    expect(await here(store, ['theirs'], 'you')).toEqual(['theirs']);
  });

  test('too large: the same by bytes, and one that is larger than all is not kept', async () => {
    const createdAt = new VirtualClock().now();
    const size = JSON.stringify(stored('a', { createdAt })).length;
    const { store } = await begin({ bytes: size * 2 });
    for (const id of ['a', 'b', 'c']) await store.put(stored(id, { createdAt }));
    expect(await here(store, ['a', 'b', 'c'])).toEqual(['b', 'c']);
    await store.put(stored('huge', { createdAt, input: [{ id: 'x', text: 'x'.repeat(size * 2) }] }));
    expect(await here(store, ['b', 'c', 'huge'])).toEqual(['b', 'c']);
  });

  test('a limit of zero keeps nothing', async () => {
    const { store } = await begin({ keep: 0 });
    await store.put(stored('a'));
    expect(await here(store, ['a'])).toEqual([]);
  });
}

describe('responses kept in memory', () => {
  contract((clock, limits) => new MemoryResponseStore(clock, () => limits));
});

describeDatabases('responses kept in the database', (place) => {
  contract(async (clock, limits) => new DatabaseResponseStore((await place()).open(), clock, () => limits));

  test('another replica has them, and so has the gateway that starts again', async () => {
    const where = await place();
    const clock = new VirtualClock();
    const [one, other] = [where.open(), where.open()];
    await new DatabaseResponseStore(one, clock, () => LIMITS).put(stored('a', { createdAt: clock.now() }));
    await one.close();
    const found = await new DatabaseResponseStore(other, clock, () => LIMITS).get('me', 'a');
    expect(found?.response.id).toBe('a');
    await other.close();
  });

  test('many put at once are all there, within the limits', async () => {
    const where = await place();
    const clock = new VirtualClock();
    const stores = [where.open(), where.open()].map((each) => new DatabaseResponseStore(each, clock, () => LIMITS));
    const ids = Array.from({ length: 40 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((id, index) => stores[index % 2]?.put(stored(id, { createdAt: clock.now() }))));
    const found = await Promise.all(ids.map((id) => stores[0]?.get('me', id)));
    expect(found.every((each) => each !== undefined)).toBe(true);
  });
});
