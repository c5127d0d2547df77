import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySchema } from '../../src/dialect/mfjs/arbitrary-schemas.fixture.ts';
import { messagesRig, postMessages } from '../protocols/messages-rig.ts';

/** Requests that go through a gateway, sockets and all. */
const RUNS = 400;

const text = fc.oneof(
  fc.constantFrom('', ' ', 'hi', '你好，世界', '\ud83d\ude00', 'JSON please'),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const cache = fc.option(fc.constant({ cache_control: { type: 'ephemeral' } }), { nil: {} });
const id = fc.constantFrom('a', 'b', 'toolu_1', 'read:0', '');
const name = fc.constantFrom('get_weather', 'read', 'ls', '7zip', 'fs.read', '查询', `long_${'x'.repeat(80)}`);
const picture = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };

const said = fc.tuple(text, cache).map(([value, more]) => ({ type: 'text', text: value, ...more }));
const image = cache.map((more) => ({ type: 'image', source: picture, ...more }));
const told = fc.constantFrom(
  { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A text.' }, title: 'T' },
  { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
  { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
  { type: 'search_result', source: 'https://x', title: 'C', content: [{ type: 'text', text: 'Found.' }] },
);
const result = fc
  .record({ id, content: fc.oneof(text, fc.array(fc.oneof(said, image), { maxLength: 2 })), failed: fc.boolean() })
  .map((of) => ({
    type: 'tool_result',
    tool_use_id: of.id,
    content: of.content,
    is_error: of.failed,
  }));
const answered = fc.oneof(
  said,
  fc
    .tuple(text, fc.constantFrom('', 'c2ln', 'bW9vbmdhdGU='))
    .map(([thinking, signature]) => ({ type: 'thinking', thinking, signature })),
  fc.tuple(id, name).map(([call, tool]) => ({ type: 'tool_use', id: call, name: tool, input: { city: 'x' } })),
  fc.constantFrom<Record<string, unknown>>(
    { type: 'redacted_thinking', data: 'x' },
    { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
    { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
  ),
);

const message = fc.oneof(
  fc
    .oneof(text, fc.array(fc.oneof(said, image, told, result), { minLength: 1, maxLength: 3 }))
    .map((content) => ({ role: 'user', content })),
  fc.oneof(text, fc.array(answered, { maxLength: 4 })).map((content) => ({ role: 'assistant', content })),
  text.map((content) => ({ role: 'system', content })),
);

const tool = fc.oneof(
  fc.tuple(name, anySchema, cache).map(([called, schema, more]) => ({
    name: called,
    input_schema: { type: 'object', properties: { a: schema } },
    ...more,
  })),
  fc.constant({ type: 'web_search_20250305', name: 'web_search' }),
);

const request = fc.record(
  {
    model: fc.constantFrom('k3', 'kimi-for-coding', 'kimi-for-coding-highspeed', 'claude-sonnet-4-5'),
    max_tokens: fc.constantFrom(1, 500, 4_096, 262_144, 2_000_000),
    messages: fc.array(message, { maxLength: 5 }).map((before) => [...before, { role: 'user', content: 'Go on.' }]),
    system: fc.oneof(text, fc.array(said, { maxLength: 2 })),
    tools: fc.array(tool, { maxLength: 3 }),
    tool_choice: fc.constantFrom(
      { type: 'auto' },
      { type: 'any' },
      { type: 'none' },
      { type: 'tool' },
      { type: 'auto', disable_parallel_tool_use: true },
    ),
    thinking: fc.constantFrom(
      { type: 'enabled', budget_tokens: 2_048 },
      { type: 'disabled' },
      { type: 'adaptive' },
      { type: 'adaptive', display: 'summarized' },
    ),
    output_config: fc.constantFrom(
      { effort: 'low' },
      { effort: 'medium' },
      { effort: 'xhigh' },
      { effort: 'minimal' },
      {},
    ),
    stop_sequences: fc.array(fc.constantFrom('END', '', 'x'.repeat(40), '###'), { maxLength: 7 }),
    temperature: fc.constantFrom(0, 0.7, 1),
    top_k: fc.constant(5),
    metadata: fc.constant({ user_id: 'x' }),
    service_tier: fc.constant('auto'),
    stream: fc.boolean(),
  },
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
);

/** A tool that is demanded is one that is declared. */
function consistent(asked: Record<string, unknown>): Record<string, unknown> {
  const { tool_choice: choice, tools } = asked as {
    tool_choice?: { type: string };
    tools?: { name: string; input_schema?: unknown }[];
  };
  if (choice?.type !== 'tool') return asked;
  const declared = tools?.find(({ input_schema: schema }) => schema !== undefined);
  return { ...asked, tool_choice: declared === undefined ? { type: 'auto' } : { ...choice, name: declared.name } };
}

test('whatever a Messages client sends is taken by the Anthropic face, untranslated or through the hub', {
  timeout: 120_000,
}, async () => {
  await using rig = await messagesRig('kimi-code', {
    settings: { routes: { default: ['kimi-code'] }, retries: { attempts: 1 } },
  });
  let untranslated = 0;
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const response = await postMessages(rig, consistent(asked));
      const answer = await response.text();
      expect([response.status, answer.slice(0, 500)]).toEqual([200, expect.any(String)]);
      untranslated += response.headers.has('x-moongate-notes') ? 0 : 1;
    }),
    { numRuns: RUNS },
  );
  expect(untranslated).toBeGreaterThan(0);
});
