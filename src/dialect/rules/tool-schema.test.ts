import { describe, expect, test } from 'vitest';
import { SchemaCache } from '../mfjs/schema-cache.ts';
import { applyRule, tryRules } from '../tool-trial.fixture.ts';
import { responseSchema } from './response-schema.ts';
import { toolCount } from './tool-count.ts';
import { toolSchema } from './tool-schema.ts';

const tool = (parameters: unknown, rest: object = {}) => ({
  type: 'function',
  function: { name: 'find', parameters, ...rest },
});
const loose = { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } };
const compiled = { type: 'object', properties: { a: { type: 'string', description: 'Must match the pattern `^a`.' } } };

describe('tool-schema', () => {
  test('rewrites, says so, and does not enforce what it weakened', () => {
    const { request, notes } = tryRules([toolSchema], { tools: [tool(loose), tool({ type: 'object' })] });
    expect(request).toEqual({ tools: [tool(compiled, { strict: false }), tool({ type: 'object' })] });
    expect(notes).toEqual(['parameters of find rewritten']);
  });

  test('the client’s own strict stays', () => {
    expect(applyRule(toolSchema, { tools: [tool(loose, { strict: true })] }).tools).toEqual([
      tool(compiled, { strict: true }),
    ]);
  });

  test('is done once', () => {
    const repaired = applyRule(toolSchema, { tools: [tool(loose)] });
    expect(applyRule(toolSchema, repaired)).toBe(repaired);
  });

  test.each([
    [
      {
        tools: [tool({ type: 'object', properties: { a: { type: 'string' } } }), tool(undefined), tool(null), tool({})],
      },
    ],
    [{ tools: [{ type: 'builtin_function', function: { name: '$web_search' } }, null, 3] as never }],
    [{ tools: 'none' as never }],
  ])('%j stays the same object', (request) => expect(applyRule(toolSchema, request)).toBe(request));

  test('Kimi Code’s size limit', () => {
    const member = (index: number) => [`m${index}`, { type: 'string', description: `${index} words `.repeat(50) }];
    const parameters = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 60 }, (_, index) => member(index))),
    };
    const request = { tools: [tool(parameters)] };
    expect(applyRule(toolSchema, request, 'platform')).toBe(request);
    const [sent] = applyRule(toolSchema, request, 'coding', 'k3').tools ?? [];
    expect(JSON.stringify(sent?.function?.parameters).length).toBeLessThan(15_000);
  });
});

test('response-schema', () => {
  const format = (schema: object, rest: object = {}) => ({
    type: 'json_schema',
    json_schema: { name: 'n', schema, ...rest },
  });
  const repaired = applyRule(responseSchema, { response_format: format(loose) });
  expect(repaired).toEqual({ response_format: format(compiled, { strict: false }) });
  expect(applyRule(responseSchema, repaired)).toBe(repaired);
  const plain = { response_format: { type: 'json_object' } };
  expect(applyRule(responseSchema, plain)).toBe(plain);
});

describe('tool-count', () => {
  const named = (index: number) => ({ type: 'function', function: { name: `tool_${index}` } });
  const many = (count: number) => Array.from({ length: count }, (_, index) => named(index));

  test('128 pass, repeats are dropped before counting', () => {
    const request = { tools: many(128) };
    expect(applyRule(toolCount, request)).toBe(request);
    expect(applyRule(toolCount, { tools: [...many(128), named(5), named(5)] })).toEqual(request);
  });

  test('129 are refused with the count', () => {
    expect(() => applyRule(toolCount, { tools: many(129) })).toThrow('declares 129 tools; Kimi takes at most 128');
  });

  test('different tools of one name both stay', () => {
    const request = { tools: [named(1), { type: 'function', function: { name: 'tool_1', strict: true } }] };
    expect(applyRule(toolCount, request)).toBe(request);
  });
});

test('the cache is bounded and gives the same object again', () => {
  const cache = new SchemaCache({ root: 'object' }, { entries: 3, characters: 10_000 });
  const schema = (index: number) => ({ type: 'object', properties: { [`a${index}`]: { const: index } } });
  const first = cache.compile(schema(0));
  expect(cache.compile(schema(0))).toBe(first);
  for (let index = 1; index < 10; index++) cache.compile(schema(index));
  expect(cache.size.entries).toBe(3);
  expect(cache.compile(schema(0))).not.toBe(first);
  const tight = new SchemaCache({ root: 'object' }, { entries: 100, characters: 100 });
  for (let index = 0; index < 10; index++) tight.compile(schema(index));
  expect(tight.size.characters).toBeLessThanOrEqual(100);
});
