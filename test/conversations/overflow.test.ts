import { expect, test } from 'vitest';
import type { Settings } from '../setup.ts';
import { textOf } from './answers.ts';
import { conversationRig, lastHistory, messagesOf, sent } from './rig.ts';

/** About 50,000 tokens, as the simulator counts. */
const LARGE = 'abcdefghi '.repeat(20_000);
/** As many, which the gateway takes for a third. */
const SPACES = 'a  '.repeat(66_666);

async function grown(conversations: Settings, large = LARGE) {
  const it = await conversationRig({ conversations });
  const messages = Array.from({ length: 6 }, (_, index) => [
    { role: 'user', content: `${index} ${large}` },
    { role: 'assistant', content: `answer ${index}` },
  ]).flat();
  const system = { role: 'system', content: 'Be short.' };
  await it.json('/v1/conversations', sent('POST', { id: 'a', messages: [system, ...messages] }));
  return it;
}

const starts = (history: readonly { content: string }[]) => history.map(({ content }) => content.slice(0, 8).trim());

test('error: the surface refuses, with the way out; nothing is remembered of the turn', async () => {
  await using it = await grown({});
  const refused = await it.say('a', 'sim: say hi');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('conversations.overflow');
  expect(await it.told('a')).toHaveLength(13);
});

test('truncate: the oldest turns stay at home, and the answer says so', async () => {
  await using it = await grown({ overflow: 'truncate' });
  const answer = await it.say('a', 'sim: say hi');
  expect(await textOf(answer)).toBe('hi');
  expect(answer.headers.get('x-moongate-notes')).toMatch(/oldest (turn is|\d turns are) left out/);
  const history = lastHistory(it.rig);
  expect(starts(history)[0]).toBe('Be short');
  expect(history.length).toBeLessThan(14);
  expect(starts(history).slice(-3)).toEqual(['5 abcdef', 'answer 5', 'sim: say']);
  expect(await it.told('a')).toHaveLength(15);
  const stored = messagesOf(await it.json('/v1/conversations/a'));
  expect(stored.at(-1)?.['notes']).toEqual([expect.stringMatching(/oldest .* left out/)]);
  expect(stored.at(-3)?.['notes']).toBeUndefined();
});

test('truncate: also where only the surface finds it too long', async () => {
  await using it = await grown({ overflow: 'truncate' }, SPACES);
  const answer = await it.say('a', 'sim: say hi');
  expect(await textOf(answer)).toBe('hi');
  expect(answer.headers.get('x-moongate-notes')).toContain('left out');
});

test('summarise: a summary stands for the oldest turns, and is used again', async () => {
  await using it = await grown({ overflow: 'summarise' });
  const answer = await it.say('a', 'sim: say hi');
  expect(await textOf(answer)).toBe('hi');
  expect(answer.headers.get('x-moongate-notes')).toMatch(/sent as a summary, which took \d calls?/);
  const history = lastHistory(it.rig);
  expect(history[0]).toEqual({ role: 'system', content: 'Be short.' });
  expect(history[1]?.content).toMatch(/^Summary of the conversation so far:\nYou asked/);
  const calls = it.rig.simulator.calls.length;
  const next = await it.say('a', 'sim: say again');
  expect(await textOf(next)).toBe('again');
  expect(it.rig.simulator.calls).toHaveLength(calls + 1);
  expect(lastHistory(it.rig)[1]).toEqual(history[1]);
  expect(next.headers.get('x-moongate-notes')).toBeNull();
  const messages = messagesOf(await it.json('/v1/conversations/a'));
  expect(messages).toHaveLength(17);
  // What the summary tells of was changed: it is made anew.
  await it.json(`/v1/conversations/a/messages/${messages[1]?.id}`, sent('PATCH', { content: 'short now' }));
  await textOf(await it.say('a', 'sim: say third'));
  expect(JSON.stringify(it.rig.simulator.calls.map(({ body }) => body))).toContain('short now');
});
