import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { anySchema } from '../../src/dialect/mfjs/arbitrary-schemas.fixture.ts';
import { BoundedReasoningMemory } from '../../src/dialect/reasoning/bounded-reasoning-memory.ts';
import { RULES } from '../../src/dialect/rules/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { factsOf } from '../../src/models/facts.ts';
import { type Preparation, type Prepared, prepareRequest, readRequest } from '../../src/pipeline/prepare.ts';
import { readChatRequest } from '../../src/simulator/chat/read-request.ts';
import { MODELS } from '../../src/simulator/platform/models.ts';
import type { Surface } from '../../src/upstreams/surface.ts';

/** Requests in all, over the models. */
const RUNS = 20_000;
let made = 0;

afterAll(() => console.info(`${made} requests made, seed ${fc.readConfigureGlobal().seed}`));

const text = fc.oneof(
  fc.constantFrom('', ' ', 'hi', '你好，世界', '\ud83d\ude00', '\ud800', 'JSON please'),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const name = fc.constantFrom(
  'get_weather',
  'read',
  '7zip',
  'fs.read',
  'mcp/tool',
  '查询',
  'a',
  `long_${'x'.repeat(80)}`,
  'read_file',
);
const part = fc.oneof(
  text.map((said) => ({ type: 'text', text: said })),
  fc.constant({ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }),
);
const content = fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 }));
const json = fc.dictionary(fc.constantFrom('city', 'path', 'n'), fc.oneof(fc.string(), fc.integer()), { maxKeys: 2 });

const tool = fc
  .record({
    name,
    description: fc.option(text, { nil: undefined }),
    parameters: fc.option(anySchema, { nil: undefined }),
  })
  .map((definition) => ({ type: 'function', function: definition }));
/** A turn in which tools are called and, mostly, answered. */
const loop = fc
  .record({
    said: fc.option(text),
    calls: fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'call_1', 'read:0', ''),
        name,
        args: fc.oneof(
          json.map((value) => JSON.stringify(value)),
          fc.constantFrom('', '{', '{"a":1,}', 'null'),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    answers: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'call_1', 'read:0', 'zzz'), content), { maxLength: 4 }),
  })
  .map(({ said, calls, answers }) => [
    {
      role: 'assistant',
      content: said,
      tool_calls: calls.map(({ id, name: called, args }) => ({
        id,
        type: 'function',
        function: { name: called, arguments: args },
      })),
    },
    ...answers.map(([id, told]) => ({ role: 'tool', tool_call_id: id, content: told })),
  ]);
const plain = fc.oneof(
  content.map((said) => [{ role: 'user', content: said }]),
  text.map((said) => [{ role: 'system', content: said }]),
  text.map((said) => [{ role: 'developer', content: said }]),
  text.map((said) => [{ role: 'assistant', content: said, partial: true }]),
  tool.map((declared) => [{ role: 'system', content: '', tools: [declared] }]),
  text.map((said) => [
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: said },
        { type: 'text', text: said },
      ],
    },
  ]),
  text.map((said) => [{ role: 'assistant', content: said, refusal: said, reasoning: said }]),
  fc.constant([
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'hi' },
        { type: 'refusal', refusal: 'no' },
      ],
    },
  ]),
  fc.option(text).map((said) => [{ role: 'assistant', content: said }]),
  text.map((said) => [
    { role: 'assistant', content: null, function_call: { name: 'read', arguments: said } },
    { role: 'function', name: 'read', content: said },
  ]),
);
const messages = fc
  .array(fc.oneof(plain, loop), { minLength: 1, maxLength: 5 })
  .map((turns) => [...turns.flat(), { role: 'user', content: 'Go on.' }]);

const choice = fc.constantFrom('auto', 'none', 'required', { type: 'function', function: { name: 'read' } });

/** What OpenAI's API takes, with everything that clients are known to send. */
const request = fc.record(
  {
    messages,
    tools: fc.array(tool, { maxLength: 4 }),
    tool_choice: choice,
    functions: fc.array(
      tool.map((declared) => declared.function),
      { minLength: 1, maxLength: 2 },
    ),
    temperature: fc.oneof(fc.constantFrom(0, 1, 2, null), fc.double({ min: 0, max: 2, noNaN: true })),
    top_p: fc.oneof(fc.constantFrom(1, 0.95, null), fc.double({ min: 0, max: 1, noNaN: true })),
    presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    n: fc.integer({ min: 1, max: 4 }),
    stop: fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 50 }),
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 8 }),
    ),
    max_tokens: fc.constantFrom(1, 48, 4_096, 262_144, 2_000_000),
    max_completion_tokens: fc.constantFrom(16, 1_024, 131_072),
    reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh'),
    thinking: fc.constantFrom({ type: 'enabled' }, { type: 'disabled' }, { type: 'enabled', keep: 'all' }),
    response_format: fc.oneof(
      fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
      anySchema.map((schema) => ({ type: 'json_schema', json_schema: { name: 'answer', schema } })),
    ),
    stream_options: fc.constant({ include_usage: true }),
    user: fc.string(),
    seed: fc.integer(),
    store: fc.boolean(),
    metadata: fc.constant({ a: 'b' }),
    parallel_tool_calls: fc.boolean(),
    logit_bias: fc.constant({}),
  },
  { requiredKeys: ['messages'] },
);

/** OpenAI refuses a choice that names a tool which is not declared. */
function withDeclaredChoice<
  T extends { tools?: { function: { name: string } }[]; tool_choice?: unknown; functions?: unknown },
>(made: T): T {
  if (made.functions !== undefined) return { ...made, tool_choice: undefined };
  const [first] = made.tools ?? [];
  if (typeof made.tool_choice !== 'object') return made;
  if (first === undefined) return { ...made, tool_choice: undefined };
  return { ...made, tool_choice: { type: 'function', function: { name: first.function.name } } };
}

const surface = { id: 'moonshot-cn', kind: 'platform' } as Surface;
const how: Preparation = {
  rules: RULES,
  strict: false,
  alwaysStream: false,
  defaults: [],
  images: new Map(),
  reasoning: { memory: new BoundedReasoningMemory(systemClock), owner: 'fuzz' },
};

function prepare(body: Buffer, model: string): Prepared | undefined {
  try {
    return prepareRequest(readRequest(body), { surface: surface.id, model, facts: factsOf(model) }, surface, how);
  } catch (error) {
    // What no repair can help is told clearly before anything is sent.
    if (error instanceof GatewayError && error.code === 'invalid_request') return undefined;
    throw error;
  }
}

test.each(MODELS.map((model) => ({ model, id: model.id })))(
  'no request that OpenAI takes is refused by $id',
  { timeout: 120_000 },
  ({ model }) => {
    let sent = 0;
    const property = fc.property(request, (one) => {
      const body = Buffer.from(JSON.stringify({ model: model.id, ...withDeclaredChoice(one) }));
      const prepared = prepare(body, model.id);
      made++;
      if (prepared === undefined) return;
      sent++;
      const bytes = prepared.document.toBytes();
      // What needed no repair goes up as the bytes that came, and what was repaired needs no other.
      if (prepared.repairs.length === 0) expect(bytes.equals(body)).toBe(true);
      expect(prepare(bytes, model.id)?.repairs).toEqual([]);
      const up: unknown = JSON.parse(bytes.toString());
      readChatRequest(up as never, {
        model,
        mfjs: 'lenient-root',
        unknownMembers: 'refuse',
        service: 'platform',
        hasFile: () => true,
      });
    });
    fc.assert(property, { numRuns: Math.ceil(RUNS / MODELS.length) });
    expect(sent).toBeGreaterThan((RUNS / MODELS.length) * 0.9);
  },
);
