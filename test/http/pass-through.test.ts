import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completion, sendJson, startFakeSurface } from '../fake-surface.ts';
import { CN_KEY, describeMatrix, startRig } from '../setup.ts';

/** Members that nobody has heard of. */
const extras = fc.dictionary(
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((name) => `x_${name}`),
    fc.constantFrom('x-constructor', 'cache_control', 'client_metadata_2', '"quoted"', '\\', '名字'),
  ),
  // JSON.stringify makes 0 of -0.
  fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value))),
  { maxKeys: 4 },
);

const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((said) => `${said}.`);

const chatRequest = fc
  .record({ top: extras, message: extras, tool: extras, content: text, spaced: fc.boolean() })
  .map(({ top, message, tool, content, spaced }) => {
    const weather = { name: 'get_weather', parameters: { type: 'object', properties: {} } };
    const body = {
      ...top,
      model: 'kimi-k2.6',
      messages: [{ ...message, role: 'user', content }],
      tools: [{ ...tool, type: 'function', function: { ...weather, ...tool } }],
    };
    return JSON.stringify(body, null, spaced ? 2 : 0);
  });

describeMatrix('what nobody has heard of', (door) => {
  test('goes up byte for byte where nothing is repaired, and answers come back so', async () => {
    let answer: Record<string, unknown> = {};
    await using fake = await startFakeSurface((_call, response) => sendJson(response, 200, answer));
    const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
    await using rig = await startRig({ door, config: { surfaces } });
    const property = fc.asyncProperty(chatRequest, extras, async (body, more) => {
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, ...more };
      const message = { role: 'assistant', content: 'hi', ...more };
      answer = completion('hi', { ...more, usage, choices: [{ index: 0, message, finish_reason: 'stop', ...more }] });
      const response = await rig.chat('', { body });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-moongate-repairs')).toBeNull();
      expect(await response.text()).toBe(JSON.stringify(answer));
      expect(fake.calls.at(-1)?.body.toString()).toBe(body);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('survives beside what is repaired, in the request and in the answer', async () => {
    let answer: Record<string, unknown> = {};
    await using fake = await startFakeSurface((_call, response) => sendJson(response, 200, answer));
    const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
    await using rig = await startRig({ door, config: { surfaces } });
    const property = fc.asyncProperty(chatRequest, extras, async (body, more) => {
      const developer = { role: 'developer', content: 'Be short.', ...more };
      const asked = JSON.parse(body) as { messages: unknown[] };
      asked.messages.unshift(developer);
      answer = completion('hi', more);
      const response = await rig.chat({ ...asked, temperature: 0.123 });
      const cached = { prompt_tokens_details: { cached_tokens: 3 } };
      expect(await response.json()).toEqual({ ...answer, usage: { ...(answer['usage'] as object), ...cached } });
      const sent: unknown = JSON.parse(fake.calls.at(-1)?.body.toString() ?? '');
      expect(sent).toEqual({ ...asked, messages: [{ ...developer, role: 'system' }, ...asked.messages.slice(1)] });
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
