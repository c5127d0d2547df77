import { describe, expect, test } from 'vitest';
import { validateMfjs } from '../../simulator/mfjs/validate-mfjs.ts';
import { compileSchema } from './compile-schema.ts';
import type { JsonObject } from './json-value.ts';

const object = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...rest });
const compile = (schema: unknown, maxBytes?: number) => {
  const compiled = compileSchema(schema, maxBytes === undefined ? { root: 'object' } : { root: 'object', maxBytes });
  expect(validateMfjs(compiled.schema, 'strict')).toEqual([]);
  return compiled;
};

describe('the root', () => {
  test('a union of required groups becomes words', () => {
    const { schema, weakened } = compile(
      object(
        { id: { type: 'string' }, url: { type: 'string' } },
        { oneOf: [{ required: ['id'] }, { required: ['url'] }] },
      ),
    );
    expect(schema).toEqual(
      object(
        { id: { type: 'string' }, url: { type: 'string' } },
        { description: 'Give one of these sets of members: id; url.' },
      ),
    );
    expect(weakened).toBe(true);
  });

  test('a discriminated union has the members of all branches', () => {
    const branch = (kind: string, name: string) =>
      object({ kind: { const: kind }, [name]: { type: 'string' } }, { required: ['kind', name] });
    expect(compile({ anyOf: [branch('file', 'path'), branch('web', 'url')] }).schema).toEqual({
      type: 'object',
      description: 'Give one of these sets of members: path; url. Kinds: kind "file" with path; kind "web" with url.',
      properties: {
        kind: { type: 'string', enum: ['file', 'web'] },
        path: { type: 'string' },
        url: { type: 'string' },
      },
      required: ['kind'],
    });
  });

  test('$schema and $comment go, nothing is weakened', () => {
    const { schema, weakened } = compile({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $comment: 'c',
      ...object({ a: { type: 'string' } }),
    });
    expect(schema).toEqual(object({ a: { type: 'string' } }));
    expect(weakened).toBe(false);
  });

  test.each([[{ type: 'string' }], [{ type: ['object', 'null'] }], [true], [{ enum: ['a'] }]])(
    '%j becomes an object',
    (schema) => {
      expect(compile(schema).schema['type']).toBe('object');
    },
  );

  test('a recursion without an end is asked for in words', () => {
    expect(compile(object({ next: { $ref: '#' } }, { required: ['next'] })).schema).toEqual(
      object({ next: { $ref: '#' } }, { description: 'Needs next.' }),
    );
  });
});

describe('limits', () => {
  const wide = (count: number, one: unknown) =>
    object(Object.fromEntries(Array.from({ length: count }, (_, index) => [`member_${index}`, one])));

  test('repeats are written once before anything is cut', () => {
    const filter = object({
      name: { type: 'string', description: 'The name to look for, exactly as written.' },
      size: { type: 'integer' },
    });
    const { schema, weakened } = compile(wide(40, filter), 3000);
    expect(Object.keys(schema['$defs'] as JsonObject)).toEqual(['shared_1']);
    expect(JSON.stringify(schema)).toContain('exactly as written');
    expect(weakened).toBe(false);
  });

  test('then descriptions are cut, then levels', () => {
    const words = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`m${index}`, { type: 'string', description: `${index} `.repeat(200) }]),
    );
    const { schema } = compile(object(words), 14_500);
    expect(Buffer.byteLength(JSON.stringify(schema))).toBeLessThanOrEqual(14_500);
    expect(Object.keys(schema['properties'] as JsonObject)).toHaveLength(50);
  });

  test('nesting beyond the limit is opened', () => {
    let deep: JsonObject = { type: 'string' };
    for (let level = 0; level < 100_000; level++) deep = object({ a: deep });
    expect(() => compile(deep)).not.toThrow();
  });
});

test('hostile names are members like any other', () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"const":1},"constructor":{"pattern":"a"}},"required":["__proto__"]}',
  );
  const { properties } = compile(schema).schema as { properties: JsonObject };
  expect(Object.keys(properties)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
});
