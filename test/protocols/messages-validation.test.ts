import { expect, test } from 'vitest';
import { messagesEvents } from '../anthropic-schema.ts';
import { messagesRig, postMessages } from './messages-rig.ts';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const WEATHER = { name: 'get_weather', description: 'The weather of a city', input_schema: SCHEMA };
const WRONG_THEN_RIGHT =
  'sim: think Hm.\nsim: tool get_weather {"town":"Paris"}\nsim: turn 2\nsim: tool get_weather {"city":"Paris"}';
const RETRY = { headers: { 'x-moongate-tool-validation': 'retry' } };
const ASKED = { messages: [{ role: 'user', content: WRONG_THEN_RIGHT }], tools: [WEATHER] };

test.each([false, true])('calls are checked on an Anthropic face too (stream: %s)', async (stream) => {
  await using rig = await messagesRig('kimi-code');
  const response = await postMessages(rig, { ...ASKED, stream }, RETRY);
  const text = await response.text();
  expect(response.headers.get('x-moongate-surface')).toBe('kimi-code');
  expect(response.headers.get('x-moongate-asked-again')).toBe('tool-validation; calls=2; met');
  const input = stream
    ? messagesEvents(text)
        .map(({ delta }) => (delta as { partial_json?: string } | undefined)?.partial_json ?? '')
        .join('')
    : JSON.stringify((JSON.parse(text) as { content: { input?: unknown }[] }).content.at(-1)?.input);
  expect(input).toBe('{"city":"Paris"}');
  expect(rig.simulator.calls.filter(({ path }) => path === '/coding/v1/messages')).toHaveLength(2);
});

test('calls that nobody wants checked, or that cannot be, pass untranslated', async () => {
  await using rig = await messagesRig('kimi-code');
  const plain = await postMessages(rig, ASKED);
  expect(await plain.text()).toContain('town');
  const toolless = await postMessages(rig, 'sim: say Hello.', RETRY);
  expect(toolless.headers.get('x-moongate-asked-again')).toBeNull();
  await toolless.text();
  expect(rig.simulator.calls.filter(({ path }) => path === '/coding/v1/messages')).toHaveLength(2);
});
