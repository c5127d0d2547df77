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
/** What becomes of one property. */
const property = (schema: unknown, rest: JsonObject = {}) => {
  const { properties } = compile(object({ x: schema }, rest)).schema;
  return (properties as JsonObject)['x'];
};

describe('schemas that are within the dialect', () => {
  test.each([
    {},
    { type: 'object' },
    object({ a: { type: 'string', enum: ['x'], default: 'x' }, b: { type: ['string', 'null'] } }, { required: ['a'] }),
    object({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, { additionalProperties: false }),
    object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { type: 'array', items: { type: 'number', minimum: 0 } } } }),
  ])('%j stays the same object', (schema) => {
    const compiled = compile(schema);
    expect(compiled.schema).toBe(schema);
    expect(compiled.weakened).toBe(false);
  });
});

const CASES: readonly (readonly [string, unknown, unknown])[] = [
  ['const', { const: 'a' }, { type: 'string', enum: ['a'] }],
  ['untyped enum', { enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }],
  [
    'mixed enum',
    { enum: ['a', 1, null] },
    { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'integer', enum: [1] }, { type: 'null' }] },
  ],
  [
    'null in enum',
    { type: ['string', 'null'], enum: ['a', null] },
    { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
  ],
  ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  [
    'missing type: properties',
    { properties: { a: { type: 'string' } } },
    { type: 'object', properties: { a: { type: 'string' } } },
  ],
  ['missing type: items', { items: { type: 'string' } }, { type: 'array', items: { type: 'string' } }],
  [
    'anything',
    { description: 'Any.' },
    { type: ['string', 'number', 'boolean', 'object', 'array', 'null'], description: 'Any.' },
  ],
  ['true', true, { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] }],
  [
    'type beside anyOf',
    { type: 'string', anyOf: [{ minLength: 2 }, { enum: [''] }] },
    {
      anyOf: [
        { type: 'string', minLength: 2 },
        { type: 'string', enum: [''] },
      ],
    },
  ],
  [
    'oneOf',
    { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  ],
  [
    'allOf',
    { allOf: [object({ a: { type: 'string' } }, { required: ['a'] }), object({ b: { type: 'number' } })] },
    object({ a: { type: 'string' }, b: { type: 'number' } }, { required: ['a'] }),
  ],
  ['exclusiveMinimum of integers', { type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }],
  [
    'exclusiveMaximum of draft 4',
    { type: 'number', maximum: 5, exclusiveMaximum: true },
    { type: 'number', description: 'Must be less than 5.', maximum: 5 },
  ],
  [
    'pattern and format',
    { type: 'string', pattern: '^a', format: 'uri' },
    { type: 'string', description: 'Must match the pattern `^a`. Format: uri.' },
  ],
  ['not', { type: 'string', not: { const: '' } }, { type: 'string', description: 'Must not be "".' }],
  [
    'closed tuple',
    { type: 'array', minItems: 2, maxItems: 2, items: [{ type: 'string' }, { type: 'integer' }] },
    {
      type: 'array',
      description: 'Items in this order: 1. string, 2. integer.',
      items: { type: ['string', 'integer'] },
      minItems: 2,
      maxItems: 2,
    },
  ],
  [
    'pattern properties',
    { type: 'object', additionalProperties: false, patternProperties: { '^x': { type: 'string' } } },
    {
      type: 'object',
      description: 'Members whose name matches `^x`: {"type":"string"}.',
      additionalProperties: { type: 'string' },
    },
  ],
  ['default of a list', { type: 'array', default: [] }, { type: 'array', description: 'Default: [].' }],
  [
    'optional of pydantic',
    { anyOf: [{ type: 'string' }, { type: 'null' }], default: null, title: 'Name' },
    { type: ['string', 'null'], title: 'Name' },
  ],
  [
    'description inside and outside a union',
    {
      description: 'What.',
      anyOf: [
        { type: 'string', description: 'Name' },
        { type: 'integer', description: 'Id' },
      ],
    },
    { description: 'What.\nOption 1: Name\nOption 2: Id', anyOf: [{ type: 'string' }, { type: 'integer' }] },
  ],
  [
    'dangling reference',
    { $ref: '#/definitions/Gone' },
    {
      type: ['string', 'number', 'boolean', 'object', 'array', 'null'],
      description: 'Refers to "#/definitions/Gone", which the schema does not define.',
    },
  ],
  ['yaml booleans in a list of strings', { type: 'string', enum: [true, false] }, { type: 'boolean' }],
  [
    'required without property',
    { type: 'object', required: ['a'] },
    {
      type: 'object',
      properties: { a: { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] } },
      required: ['a'],
    },
  ],
];

describe('one property', () => {
  test.each(CASES)('%s', (_, before, after) => expect(property(before)).toEqual(after));

  test('a reference with siblings is written out, and the sibling wins', () => {
    const definitions = { User: object({ name: { type: 'string' } }, { description: 'A user.' }) };
    expect(property({ $ref: '#/definitions/User', description: 'The owner.' }, { definitions })).toEqual(
      object({ name: { type: 'string' } }, { description: 'The owner.' }),
    );
  });

  test('a recursion stays a reference, OpenAPI’s too', () => {
    const Node = object({ next: { $ref: '#/components/schemas/Node' }, name: { type: 'string', format: 'uuid' } });
    const { schema } = compile(
      object({ x: { $ref: '#/components/schemas/Node' } }, { components: { schemas: { Node } } }),
    );
    expect(schema).toEqual(
      object(
        { x: { $ref: '#/$defs/Node' } },
        {
          $defs: {
            Node: object({ next: { $ref: '#/$defs/Node' }, name: { type: 'string', description: 'Format: uuid.' } }),
          },
        },
      ),
    );
  });

  test('a refused name is told in words and the object stays open', () => {
    expect(property(object({ $ref: { type: 'string' } }, { additionalProperties: false }))).toEqual({
      type: 'object',
      description: 'May have a member named "$ref": {"type":"string"}.',
    });
  });
});

test('a definition that refers to nothing but itself ends in words', () => {
  const loop = { items: { $ref: '#/$defs/A' }, $ref: '#/definitions/x~1y' };
  const schema = { oneOf: [{ $ref: '#/$defs/A' }, true], $defs: { A: loop }, definitions: { 'x/y': loop } };
  expect(compileSchema(schema, { root: 'object' })).toMatchObject({ schema: { type: 'object' }, weakened: true });
});
