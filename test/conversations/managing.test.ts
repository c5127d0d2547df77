import { expect, test } from 'vitest';
import { textOf } from './answers.ts';
import { conversationRig, lastHistory, messagesOf, sent } from './rig.ts';

const THREE = 'sim: say one\nsim: turn 2\nsim: say two\nsim: turn 3\nsim: say three';

async function threeTurns() {
  const it = await conversationRig();
  for (const content of [THREE, 'second', 'third']) await textOf(await it.say('a', content));
  return it;
}

const ids = (page: Record<string, unknown>) => (page['data'] as { id: string }[]).map(({ id }) => id);

test('the list: pages by last use, and a search in titles, ids and messages', async () => {
  await using it = await conversationRig();
  for (const id of ['c1', 'c2', 'c3', 'c4', 'c5'])
    await textOf(await it.say(id, `Topic ${id} 100% 你好\nsim: say Answer of ${id}`));
  await textOf(await it.say('c2', 'sim: say More'));
  const page = (query: string) => it.json(`/v1/conversations?${query}`);
  expect(ids(await page(''))).toEqual(['c2', 'c5', 'c4', 'c3', 'c1']);
  const first = await page('limit=2');
  expect([ids(first), first['has_more'], first['last_id']]).toEqual([['c2', 'c5'], true, 'c5']);
  expect(ids(await page('limit=2&after=c5'))).toEqual(['c4', 'c3']);
  const last = await page('limit=2&after=c3');
  expect([ids(last), last['has_more']]).toEqual([['c1'], false]);
  expect(ids(await page('order=asc&limit=1'))).toEqual(['c1']);
  expect(ids(await page('search=ANSWER%20OF%20C4'))).toEqual(['c4']);
  expect(ids(await page(`search=${encodeURIComponent('c3 100% 你好')}`))).toEqual(['c3']);
  expect(ids(await page('search=100_'))).toEqual([]);
  expect(ids(await page('search=role'))).toEqual([]);
  await it.json('/v1/conversations/c1', sent('PATCH', { title: 'Ärger mit Öl' }));
  expect(ids(await page(`search=${encodeURIComponent('Ärger')}`))).toEqual(['c1']);
  for (const query of ['limit=0', 'limit=x', 'order=up', 'after=nobody', `search=${'x'.repeat(201)}`]) {
    expect((await it.rig.get(`/v1/conversations?${query}`)).status).toBe(400);
  }
});

test('a fork has what came before, and both go on by themselves', async () => {
  await using it = await threeTurns();
  const [, , question, answer] = messagesOf(await it.json('/v1/conversations/a'));
  const fork = await it.json(
    '/v1/conversations/a/fork',
    sent('POST', { id: 'b', at: answer?.id, title: 'The other way' }),
  );
  expect(fork).toMatchObject({ id: 'b', title: 'The other way', turns: 2, forked_from: 'a', model: 'kimi-k2.6' });
  expect(await textOf(await it.say('b', 'third, otherwise'))).toBe('three');
  expect(lastHistory(it.rig).map(({ content }) => content)).toEqual([
    THREE,
    'one',
    'second',
    'two',
    'third, otherwise',
  ]);
  expect(await it.told('a')).toHaveLength(6);
  await it.json('/v1/conversations/a/fork', sent('POST', { id: 'c', at: question?.id }));
  expect(await it.told('c')).toEqual([`user: ${THREE}`, 'assistant: one', 'user: second']);
  expect(await textOf(await it.rig.get('/v1/conversations/c/regenerate', sent('POST')))).toBe('two');
  const whole = await it.json('/v1/conversations/a/fork', { method: 'POST' });
  expect(await it.told(String(whole['id']))).toEqual(await it.told('a'));
  expect((await it.rig.get('/v1/conversations/a/fork', sent('POST', { id: 'b' }))).status).toBe(409);
  expect((await it.rig.get('/v1/conversations/a/fork', sent('POST', { at: 'msg_x_0' }))).status).toBe(404);
});

test('another answer takes the place of the last one, or of an earlier one and all behind it', async () => {
  await using it = await threeTurns();
  await it.json('/v1/conversations/a/fork', sent('POST', { id: 'b' }));
  const again = await it.rig.get('/v1/conversations/a/regenerate', sent('POST', { stream: true, temperature: 1 }));
  expect(await textOf(again)).toBe('three');
  expect(lastHistory(it.rig)).toHaveLength(5);
  expect(await it.told('a')).toHaveLength(6);
  const [, , question] = messagesOf(await it.json('/v1/conversations/a'));
  await textOf(await it.rig.get('/v1/conversations/a/regenerate', sent('POST', { message: question?.id })));
  expect(await it.told('a')).toEqual([`user: ${THREE}`, 'assistant: one', 'user: second', 'assistant: two']);
  expect((await it.rig.get('/v1/conversations/nobody/regenerate', sent('POST'))).status).toBe(404);
});

test('a new answer that is asked for twice under one Idempotency-Key is given once', async () => {
  await using it = await threeTurns();
  const [, , question] = messagesOf(await it.json('/v1/conversations/a'));
  const calls = () => it.rig.simulator.calls.length;
  const again = () => {
    const { headers, ...init } = sent('POST', { message: question?.id });
    return it.rig.get('/v1/conversations/a/regenerate', { ...init, headers: { ...headers, 'idempotency-key': 'r1' } });
  };
  expect(await textOf(await again())).toBe('two');
  const before = calls();
  const told = await again();
  expect([told.headers.get('idempotent-replayed'), await textOf(told), calls()]).toEqual(['true', 'two', before]);
  expect(await it.told('a')).toHaveLength(4);
});

test('a late retry of a turn that was answered anew is told the new answer', async () => {
  await using it = await conversationRig();
  const key = { 'idempotency-key': 'k1' };
  await textOf(await it.say('a', 'sim: say one', {}, key));
  await textOf(await it.rig.get('/v1/conversations/a/regenerate', sent('POST')));
  const late = await it.say('a', 'sim: say one', {}, key);
  expect([late.headers.get('idempotent-replayed'), await textOf(late)]).toEqual(['true', 'one']);
  expect(await it.told('a')).toHaveLength(2);
});

test('an answer that cannot be given again leaves the old one', async () => {
  await using it = await conversationRig({ retries: { attempts: 1 } });
  await textOf(await it.say('a', 'sim: say good'));
  const [question] = messagesOf(await it.json('/v1/conversations/a'));
  const broken = { content: 'sim: say-n 30\nsim: pause 5\nsim: cut 10' };
  await it.json(`/v1/conversations/a/messages/${question?.id}`, sent('PATCH', broken));
  await expect(
    textOf(await it.rig.get('/v1/conversations/a/regenerate', sent('POST', { stream: true }))),
  ).rejects.toThrow();
  expect((await it.told('a'))[1]).toBe('assistant: good');
});

test('a message is edited in its place, or with what stands behind it taken away', async () => {
  await using it = await threeTurns();
  const [first, answer] = messagesOf(await it.json('/v1/conversations/a'));
  const changed = await it.json(`/v1/conversations/a/messages/${answer?.id}`, sent('PATCH', { content: 'ONE' }));
  expect(changed).toMatchObject({ id: answer?.id, role: 'assistant', content: 'ONE' });
  expect((await it.told('a'))[1]).toBe('assistant: ONE');
  expect(await it.told('a')).toHaveLength(6);
  const edit = { content: 'sim: say another', truncate: true };
  await it.json(`/v1/conversations/a/messages/${first?.id}`, sent('PATCH', edit));
  expect(await it.told('a')).toEqual(['user: sim: say another']);
  expect(await textOf(await it.rig.get('/v1/conversations/a/regenerate', sent('POST')))).toBe('another');
  expect((await it.rig.get('/v1/conversations/a/messages/msg_x_1', sent('PATCH', { content: 'x' }))).status).toBe(404);
  expect((await it.rig.get(`/v1/conversations/a/messages/${first?.id}`, sent('PATCH', { content: 1 }))).status).toBe(
    400,
  );
});

test('no edit makes a conversation larger than one may be', async () => {
  await using it = await conversationRig({ conversations: { conversation_bytes: '4KiB' } });
  await textOf(await it.say('a', 'sim: say one'));
  const [question] = messagesOf(await it.json('/v1/conversations/a'));
  const path = `/v1/conversations/a/messages/${question?.id}`;
  const edit = async (content: string) => (await it.rig.get(path, sent('PATCH', { content }))).status;
  expect(await edit('x'.repeat(5_000))).toBe(413);
  expect((await it.told('a'))[0]).toBe('user: sim: say one');
  expect(await edit('x'.repeat(1_000))).toBe(200);
});

test('`new` lets the gateway choose the id, wherever one is named', async () => {
  await using it = await conversationRig();
  const made = await it.json('/v1/conversations', sent('POST', { id: 'new' }));
  expect(made['id']).toMatch(/^conv_/);
  const fork = await it.json(`/v1/conversations/${made['id']}/fork`, sent('POST', { id: 'new' }));
  expect(fork['id']).toMatch(/^conv_/);
});

test('what was said elsewhere can be brought in, renamed, exported and deleted', async () => {
  await using it = await conversationRig();
  const messages = [
    { role: 'user', content: 'sim: say one\nsim: turn 2\nsim: say two' },
    { role: 'assistant', content: 'one' },
  ];
  const made = await it.json('/v1/conversations', sent('POST', { id: 'a', model: 'k25', messages }));
  expect(made).toMatchObject({ id: 'a', object: 'conversation', turns: 1 });
  expect((await it.rig.get('/v1/conversations', sent('POST', { id: 'a' }))).status).toBe(409);
  expect(await textOf(await it.say('a', 'And ```now```?', { model: undefined }))).toBe('two');
  await it.json('/v1/conversations/a', sent('PATCH', { title: 'Counting\nup' }));
  const markdown = await it.rig.get('/v1/conversations/a/export?format=markdown');
  expect(markdown.headers.get('content-disposition')).toContain('a.md');
  const text = await markdown.text();
  expect(text).toMatch(/^# Counting up\n\nid: a {2}\nmodel: k25/);
  expect(text).toContain('## User\n\nAnd ```now```?\n\n## Assistant\n\ntwo\n');
  const exported = await it.json('/v1/conversations/a/export');
  // An export is taken as it is, and nothing of what it tells besides goes up.
  await it.json('/v1/conversations', sent('POST', { ...exported, id: 'copy' }));
  expect(await it.told('copy')).toEqual(await it.told('a'));
  await textOf(await it.say('copy', 'And?'));
  expect(lastHistory(it.rig).slice(0, 4)).toEqual(messagesOf(exported).map(({ role, content }) => ({ role, content })));
  expect(await it.json('/v1/conversations/a', { method: 'DELETE' })).toEqual({
    id: 'a',
    object: 'conversation.deleted',
    deleted: true,
  });
  expect((await it.rig.get('/v1/conversations/a')).status).toBe(404);
  expect((await it.rig.get('/v1/conversations', { method: 'DELETE' })).status).toBe(400);
  expect(await it.json('/v1/conversations?all=true', { method: 'DELETE' })).toMatchObject({ count: 1 });
  expect(ids(await it.json('/v1/conversations'))).toEqual([]);
});

test('a conversation belongs to the key that made it', async () => {
  await using it = await conversationRig({
    keys: [
      { name: 'ann', key: 'ann-key-0123456789' },
      { name: 'bob', key: 'bob-key-0123456789' },
    ],
  });
  const as = (key: string) => ({ authorization: `Bearer ${key}-key-0123456789` });
  await textOf(await it.say('a', 'sim: say mine', {}, as('ann')));
  const path = '/v1/conversations/a';
  for (const [method, where] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/export`],
    ['POST', `${path}/fork`],
    ['POST', `${path}/regenerate`],
  ] as const) {
    const body = method === 'POST' ? { body: '{}' } : {};
    const headers = { ...as('bob'), 'content-type': 'application/json' };
    expect((await it.rig.get(where, { method, headers, ...body })).status).toBe(404);
  }
  expect(ids(await it.json('/v1/conversations', { headers: as('bob') }))).toEqual([]);
  expect(await textOf(await it.say('a', 'sim: say his', {}, as('bob')))).toBe('his');
  expect(await it.json(path, { headers: as('ann') })).toMatchObject({ turns: 1 });
});
