import { expect, test } from 'vitest';
import { post, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { countedClock } from '../virtual-clock.ts';
import { textOf } from './answers.ts';
import { conversationRig } from './rig.ts';

/** How often everything is looked through. */
const SWEEP_MS = 10 * 60_000;

const ids = (page: Record<string, unknown>) => (page['data'] as { id: string }[]).map(({ id }) => id);

test('an owner keeps so many; those that were not used for longest go', async () => {
  await using it = await conversationRig({ conversations: { keep: 2 } });
  for (const id of ['a', 'b', 'a', 'c']) await textOf(await it.say(id, 'sim: say hi'));
  await until(async () => (await it.told('b')).length === 0, 'b to be forgotten');
  expect(ids(await it.json('/v1/conversations'))).toEqual(['c', 'a']);
});

test('one whose turn is under way stays, however long ago it was used', async () => {
  await using it = await conversationRig({ conversations: { keep: 1 } });
  await textOf(await it.say('a', 'sim: say one'));
  const { database } = it.rig.gateway.runtime.state;
  await database.use((db) =>
    db
      .updateTable('conversations')
      .set({ used_at: Date.now() - 3_600_000 })
      .execute(),
  );
  const running = it.say('a', 'sim: delay 1500\nsim: say two', { stream: true });
  await until(() => it.rig.simulator.calls.at(-1)?.rawBody.includes('say two'), 'its turn');
  await textOf(await it.say('b', 'sim: say hi'));
  await until(async () => (await it.told('b')).length === 0, 'the other one to be forgotten');
  expect(await textOf(await running)).toBe('two');
  expect(await it.told('a')).toHaveLength(4);
});

test('an owner keeps so many bytes, and one conversation so many', async () => {
  await using it = await conversationRig({ conversations: { bytes: 12_000, conversation_bytes: 8_000 } });
  const text = 'x'.repeat(3_000);
  for (const id of ['a', 'b', 'c', 'd']) await textOf(await it.say(id, `${text}\nsim: say hi`));
  await until(async () => (await it.told('a')).length === 0, 'a to be forgotten');
  expect(ids(await it.json('/v1/conversations'))).toEqual(['d', 'c', 'b']);
  await textOf(await it.say('d', `${text}\nsim: say hi`));
  const full = await it.say('d', `${text}\nsim: say hi`);
  expect([full.status, (await full.text()).includes('conversation_full')]).toEqual([413, true]);
  expect(await it.told('d')).toHaveLength(4);
});

test('all owners together keep so many', async () => {
  const keys = ['ann', 'bob'].map((name) => ({ name, key: `${name}-key-0123456789` }));
  await using it = await conversationRig({ conversations: { keep_all: 2 }, keys });
  for (const [owner, id] of [
    ['ann', 'a'],
    ['bob', 'b'],
    ['bob', 'c'],
  ] as const) {
    const headers = { authorization: `Bearer ${owner}-key-0123456789` };
    const body = { model: 'k25', conversation_id: id, messages: [{ role: 'user', content: 'sim: say hi' }] };
    await textOf(await it.rig.get('/v1/chat/completions', post(body, { headers })));
  }
  const list = async (owner: string) =>
    ids(await it.json('/v1/conversations', { headers: { authorization: `Bearer ${owner}-key-0123456789` } }));
  await until(async () => (await list('ann')).length === 0, 'the oldest of all to be forgotten');
  expect(await list('bob')).toEqual(['c', 'b']);
});

test('what nobody uses for long is forgotten, whether or not it was swept away', async () => {
  await using it = await conversationRig({ conversations: { age_days: 1 } });
  for (const id of ['a', 'b']) await textOf(await it.say(id, 'sim: say hi'));
  const { database } = it.rig.gateway.runtime.state;
  const old = (name: string) =>
    database.use((db) => db.updateTable('conversations').set({ used_at: 1 }).where('name', '=', name).execute());
  await old('a');
  expect((await it.rig.get('/v1/conversations/a')).status).toBe(404);
  expect(ids(await it.json('/v1/conversations'))).toEqual(['b']);
  await textOf(await it.say('a', 'sim: say new'));
  expect(await it.told('a')).toEqual(['user: sim: say new', 'assistant: new']);
  await old('b');
  await it.rig.gateway.conversations.sweep();
  const rows = await database.use((db) => db.selectFrom('conversations').select('name').execute());
  const turns = await database.use((db) => db.selectFrom('conversation_turns').select('id').execute());
  expect([rows.map(({ name }) => name), turns.length]).toEqual([['a'], 1]);
});

test('they are forgotten in their time by a gateway that nobody asks for conversations any more', async () => {
  await using it = await conversationRig();
  await textOf(await it.say('a', 'sim: say hi'));
  const rows = () =>
    it.rig.gateway.runtime.state.database.use(async (db) => [
      ...(await db.selectFrom('conversations').select('id').execute()),
      ...(await db.selectFrom('conversation_turns').select('id').execute()),
    ]);
  await it.rig.gateway.runtime.state.database.use((db) =>
    db.updateTable('conversations').set({ used_at: 1 }).execute(),
  );
  expect(await rows()).toHaveLength(2);
  const counted = countedClock();
  const hasty = Object.defineProperties({ ...counted }, Object.getOwnPropertyDescriptors(counted));
  hasty.after = (ms, action) => counted.after(ms === SWEEP_MS ? 20 : ms, action);
  await using _next = await startRig({ clock: hasty, config: { data: it.data } });
  await until(async () => (await rows()).length === 0, 'the rows to go');
});

test('none are kept where that is wanted', async () => {
  await using it = await conversationRig({ conversations: { keep: 0 } });
  expect((await it.say('a', 'sim: say hi')).status).toBe(400);
  expect(await textOf(await it.rig.chat('sim: say hi'))).toBe('hi');
});
