import { describe, expect, test } from 'vitest';
import { RawClient, request } from '../http/raw.ts';
import { platform, type Settings } from '../setup.ts';
import { until } from '../until.ts';
import { textOf } from './answers.ts';
import { type ConversationRig, conversationRig, sent } from './rig.ts';
import { WEB_TOKEN } from './seed-example.ts';

const FIRST = 'sim: say one\nsim: turn 2\nsim: say two\nsim: turn 3\nsim: say three';

async function web(protocol: string, conversations: Settings = {}, more: Settings = {}): Promise<ConversationRig> {
  return conversationRig(
    (simulator) => ({
      conversations,
      models: { default: 'k2' },
      surfaces: {
        'kimi-web': {
          base_url: simulator.webBaseUrl,
          protocol,
          credentials: [{ key: WEB_TOKEN, name: 'mine', account: 'me' }],
        },
        ...(more['withPlatform'] ? platform(simulator) : {}),
      },
    }),
    { secrets: [WEB_TOKEN] },
  );
}

const turn = async (it: ConversationRig, content: string, more: Settings = {}) =>
  it.say('a', content, { model: 'k2', ...more });
const nativeChat = async (it: ConversationRig) => (await it.json('/v1/conversations/a'))['native_chat'];
const lastPrompt = (it: ConversationRig) =>
  it.rig.simulator.calls.findLast(({ rawBody }) => rawBody.includes('content'))?.rawBody;

describe.each(['connect', 'classic'])('a native chat over %s', (protocol) => {
  test('that is gone: an error by default, and the conversation is as it was', async () => {
    await using it = await web(protocol);
    await textOf(await turn(it, FIRST));
    it.rig.simulator.reset();
    const lost = await turn(it, 'And?');
    expect(lost.status).toBe(410);
    expect(await lost.text()).toContain('conversation_lost');
    expect(await it.told('a')).toHaveLength(2);
    // A fork begins a chat of its own.
    await it.json('/v1/conversations/a/fork', sent('POST', { id: 'b' }));
    expect(await textOf(await it.say('b', 'And?', { model: 'k2' }))).toBe('two');
  });

  test('that is gone: the history is told to a new one where that is wanted', async () => {
    await using it = await web(protocol, { on_lost: 'replay' });
    await textOf(await turn(it, FIRST));
    const before = await nativeChat(it);
    it.rig.simulator.reset();
    const answer = await turn(it, 'And?');
    expect(await textOf(answer)).toBe('two');
    expect(answer.headers.get('x-moongate-notes')).toContain('lost');
    expect(await nativeChat(it)).not.toBe(before);
    expect(await textOf(await turn(it, 'And then?'))).toBe('three');
    expect(lastPrompt(it)).not.toContain('And?');
  });

  test('whose token is gone', async () => {
    await using it = await web(protocol);
    await textOf(await turn(it, FIRST));
    it.rig.simulator.webAccount().logOut();
    for (let count = 0; count < 2; count++) {
      const lost = await turn(it, 'And?');
      expect([lost.status, (await lost.text()).includes('conversation_lost')]).toEqual([410, true]);
    }
  });

  test('that does not know the history any more gets all of it anew', async () => {
    await using it = await web(protocol);
    await textOf(await turn(it, FIRST));
    const before = await nativeChat(it);
    const [, answer] = (await it.json('/v1/conversations/a'))['messages'] as { id: string }[];
    await it.json(`/v1/conversations/a/messages/${answer?.id}`, sent('PATCH', { content: 'ONE' }));
    const anew = await turn(it, 'And?');
    expect(await textOf(anew)).toBe('two');
    expect(anew.headers.get('x-moongate-notes')).toContain('does not know the history as it is now');
    expect(lastPrompt(it)).toContain('ONE');
    expect(await nativeChat(it)).not.toBe(before);
  });

  test('goes with its conversation', async () => {
    await using it = await web(protocol);
    await textOf(await turn(it, FIRST));
    expect(await it.json('/v1/conversations/a', { method: 'DELETE' })).toMatchObject({ native_chat: 'deleted' });
    expect(it.rig.simulator.calls.some(({ method, path }) => method === 'DELETE' || path.endsWith('DeleteChat'))).toBe(
      true,
    );
  });

  test('whose turn was cut goes on behind what was delivered', async () => {
    await using it = await web(protocol);
    await textOf(
      await turn(
        it,
        'sim: say one\nsim: turn 2\nsim: pause 20\nsim: piece 4\nsim: say-n 200\nsim: turn 3\nsim: say three',
      ),
    );
    using client = new RawClient(it.rig.port);
    const body = { model: 'k2', stream: true, conversation_id: 'a', messages: [{ role: 'user', content: 'And?' }] };
    await client.write(request(JSON.stringify(body)));
    await client.receives('two');
    client.socket.destroy();
    await until(async () => (await it.told('a')).length === 4, 'the cut answer');
    expect((await it.told('a'))[3]).toMatch(/^assistant\*: /);
    expect(await textOf(await turn(it, 'And then?'))).toBe('three');
    expect(await it.told('a')).toHaveLength(6);
  });
});

test('a surface that is busy is no reason to go elsewhere with a conversation', async () => {
  await using it = await web('connect', {}, { withPlatform: true });
  await textOf(await turn(it, FIRST));
  const busy = await turn(it, 'sim: fault flagged');
  expect([busy.status, busy.headers.get('x-moongate-surface')]).toEqual([410, 'kimi-web']);
  expect(it.rig.simulator.calls.every(({ path }) => !path.endsWith('/chat/completions'))).toBe(true);
});

test('another model elsewhere gets the whole history', async () => {
  await using it = await web('connect', {}, { withPlatform: true });
  await textOf(await turn(it, FIRST));
  const answer = await turn(it, 'And?', { model: 'moonshot-cn/kimi-k2.6' });
  expect([await textOf(answer), answer.headers.get('x-moongate-surface')]).toEqual(['two', 'moonshot-cn']);
  expect(answer.headers.get('x-moongate-notes')).toContain('whole history');
  expect(await textOf(await turn(it, 'And then?'))).toBe('three');
});
