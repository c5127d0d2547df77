import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/virtual-clock.ts';
import { MemoryResponseStore } from './memory-response-store.ts';
import type { ResponseStore, StoredResponse, StoreLimits } from './response-store.ts';

const LIMITS: StoreLimits = { keep: 100, bytes: 1_000_000, age_ms: 1_000 };

type MakeStore = (clock: VirtualClock, limits: StoreLimits) => ResponseStore;

const STORES: readonly { readonly name: string; readonly make: MakeStore }[] = [
  { name: 'in memory', make: (clock, limits) => new MemoryResponseStore(clock, () => limits) },
];

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

describe.each(STORES)('responses kept $name', ({ make }) => {
  const begin = (limits: Partial<StoreLimits> = {}) => {
    const clock = new VirtualClock();
    return { clock, store: make(clock, { ...LIMITS, ...limits }) };
  };
  const here = async (store: ResponseStore, ids: readonly string[], owner = 'me') => {
    const found: string[] = [];
    for (const id of ids) if (await store.get(owner, id)) found.push(id);
    return found;
  };

  test('a response comes back as it was put, and a newer state takes its place', async () => {
    const { clock, store } = begin();
    const queued = stored('a', { status: 'queued', createdAt: clock.now() });
    await store.put(queued);
    expect(await store.get('me', 'a')).toEqual(queued);
    const done = stored('a', { createdAt: clock.now(), conversation: 'c', previous: 'z' });
    await store.put(done);
    expect(await store.get('me', 'a')).toEqual(done);
  });

  test('nobody sees, changes or deletes what another has', async () => {
    const { clock, store } = begin();
    await store.put(stored('a', { createdAt: clock.now(), conversation: 'c' }));
    expect(await store.get('you', 'a')).toBeUndefined();
    expect(await store.newestIn('you', 'c')).toBeUndefined();
    expect((await store.items('you', ['in-a'])).size).toBe(0);
    expect(await store.delete('you', 'a')).toBe(false);
    expect(await here(store, ['a'])).toEqual(['a']);
  });

  test('what is deleted is gone with its items', async () => {
    const { clock, store } = begin();
    await store.put(stored('a', { createdAt: clock.now() }));
    expect(await store.delete('me', 'a')).toBe(true);
    expect(await store.delete('me', 'a')).toBe(false);
    expect(await store.get('me', 'a')).toBeUndefined();
    expect((await store.items('me', ['in-a', 'out-a'])).size).toBe(0);
  });

  test('items are found by id, of inputs and outputs', async () => {
    const { clock, store } = begin();
    await store.put(stored('a', { createdAt: clock.now() }));
    await store.put(stored('b', { createdAt: clock.now() }));
    const items = await store.items('me', ['out-b', 'in-a', 'nobody']);
    expect([...items.keys()].sort()).toEqual(['in-a', 'out-b']);
    expect(items.get('in-a')).toMatchObject({ role: 'user' });
  });

  test('a conversation has its newest ended response, and the one before when that goes', async () => {
    const { clock, store } = begin();
    const at = { createdAt: clock.now(), conversation: 'c' };
    await store.put(stored('a', at));
    await store.put(stored('b', { ...at, previous: 'a' }));
    await store.put(stored('q', { ...at, previous: 'b', status: 'queued' }));
    expect((await store.newestIn('me', 'c'))?.id).toBe('b');
    await store.delete('me', 'b');
    expect((await store.newestIn('me', 'c'))?.id).toBe('a');
    await store.delete('me', 'a');
    expect(await store.newestIn('me', 'c')).toBeUndefined();
  });

  test('nothing is kept longer than the age', async () => {
    const { clock, store } = begin();
    await store.put(stored('a', { createdAt: clock.now(), conversation: 'c' }));
    clock.advance(LIMITS.age_ms);
    expect(await here(store, ['a'])).toEqual(['a']);
    clock.advance(1);
    expect(await here(store, ['a'])).toEqual([]);
    expect(await store.newestIn('me', 'c')).toBeUndefined();
    expect((await store.items('me', ['in-a'])).size).toBe(0);
  });

  test('too many: whoever has the most loses what was not used for longest', async () => {
    const { clock, store } = begin({ keep: 4 });
    const createdAt = clock.now();
    await store.put(stored('theirs', { createdAt, owner: 'you' }));
    for (const id of ['a', 'b', 'c']) await store.put(stored(id, { createdAt }));
    await store.get('me', 'a');
    await store.put(stored('d', { createdAt }));
    expect(await here(store, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
    expect(await here(store, ['theirs'], 'you')).toEqual(['theirs']);
  });

  test('too large: the same by bytes, and one that is larger than all is not kept', async () => {
    const createdAt = new VirtualClock().now();
    const size = JSON.stringify(stored('a', { createdAt })).length;
    const { store } = begin({ bytes: size * 2 });
    for (const id of ['a', 'b', 'c']) await store.put(stored(id, { createdAt }));
    expect(await here(store, ['a', 'b', 'c'])).toEqual(['b', 'c']);
    await store.put(stored('huge', { createdAt, input: [{ id: 'x', text: 'x'.repeat(size * 2) }] }));
    expect(await here(store, ['b', 'c', 'huge'])).toEqual(['b', 'c']);
  });

  test('a limit of zero keeps nothing', async () => {
    const { store } = begin({ keep: 0 });
    await store.put(stored('a'));
    expect(await here(store, ['a'])).toEqual([]);
  });
});
