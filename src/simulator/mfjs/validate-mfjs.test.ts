import { expect, test } from 'vitest';
import { mfjsDetails, validateMfjs } from './validate-mfjs.ts';

const S = { type: 'string' };
const member = (schema: unknown): Record<string, unknown> => ({ type: 'object', properties: { a: schema } });

const REFUSED: readonly (readonly [unknown, string])[] = [
  [member({ type: 'string', format: 'date' }), "<At path 'properties.a': unsupported keywords: format>"],
  [member({ const: 1, not: {} }), "<At path 'properties.a': unsupported keywords: const, not>"],
  [member({ description: 'x' }), "<At path 'properties.a': type is not defined>"],
  [member({ enum: ['a'] }), "<At path 'properties.a': type is not defined>"],
  [member({ type: 'text' }), "<At path 'properties.a': invalid type>"],
  [member({ type: [] }), "<At path 'properties.a': type array cannot be empty>"],
  [member(true), "<At path 'properties': property schema for 'a' must be an object>"],
  [
    member({ type: 'string', anyOf: [S] }),
    "<At path 'properties.a': when using anyOf, type should be defined in anyOf items instead of the parent schema>",
  ],
  [member({ anyOf: [S, { minLength: 1 }] }), "<At path 'properties.a.anyOf': type is not defined>"],
  [
    member({ description: 'x', anyOf: [{ ...S, description: 'y' }] }),
    "<At path 'properties.a': conflicting keywords found in anyOf with parent: keywords (description) are defined on the parent schema and inside anyOf; remove them from the parent or from anyOf branches>",
  ],
  [member({ type: 'array', items: [S] }), "<At path 'properties.a.items': items must be an object>"],
  [
    member({ type: 'string', enum: ['a', null] }),
    "<At path 'properties.a.enum': enum value (null) does not match any type in [string]>",
  ],
  [
    member({ type: 'string', enum: ['a', 1] }),
    "<At path 'properties.a.enum': enum value (1) does not match any type in [string]>",
  ],
  [member({ type: 'string', minimum: 1 }), "<At path 'properties.a': invalid keywords: minimum>"],
  [
    member({ type: 'string', minLength: 3, maxLength: 1 }),
    "<At path 'properties.a': minLength (3) cannot be greater than maxLength (1)>",
  ],
  [{ type: 'object', required: ['a'] }, "<At path 'required': required specified but 'properties' keyword is missing>"],
  [{ ...member(S), required: ['b'] }, "<At path 'required': required property 'b' is not defined in properties>"],
  [
    { type: 'object', properties: { $ref: S } },
    "<At path 'properties': property name '$ref' is reserved for JSON Schema keywords>",
  ],
  [member({ $ref: '#/definitions/x' }), "<At path 'properties.a.$ref': references must start with #/$defs/>"],
  [member({ $ref: '#/$defs/x' }), "<At path 'properties.a.$ref': $defs not found for reference: #/$defs/x>"],
  [
    { ...member({ $ref: '#/$defs/x', description: 'y' }), $defs: { x: { ...S, description: 'z' } } },
    "<At path 'properties.a': conflicting keywords found after $ref expansion: description>",
  ],
  [
    { ...member({ $ref: '#/$defs/x', type: 'string' }), $defs: { x: S } },
    "<At path 'properties.a': when using $ref, type should be defined in the referenced schema instead of the parent schema>",
  ],
  [member({ type: 'object', $defs: {} }), "<At path 'properties.a': keyword $defs must be at root level>"],
  [
    { ...member({ $ref: '#' }), required: ['a'] },
    "<At path 'root': detected infinite recursion without termination condition>",
  ],
  [{ $schema: 'x', ...member(S) }, "<At path 'root': unsupported keywords: $schema>"],
  [null, "<At path 'root': schema must be a dict>"],
  [member({ ...S, description: 'x'.repeat(120_001) }), "<At path 'root': schema exceeds maximum allowed size>"],
];

test.each(REFUSED)('%j', (schema, details) => {
  expect(mfjsDetails(validateMfjs(schema))).toBe(details);
});

const ACCEPTED: readonly unknown[] = [
  {},
  member(S),
  member({ type: ['string', 'null'] }),
  member({ type: ['string', 'null'], enum: ['a', null] }),
  member({ anyOf: [S, { type: 'null' }], description: 'either' }),
  { ...member({ $ref: '#/$defs/node' }), $defs: { node: member({ $ref: '#/$defs/node' }) }, $id: 'x' },
  { type: 'object', additionalProperties: {} },
  member({ type: 'number', minimum: 0, maximum: 1.5, default: 1, title: 'x' }),
];

test.each(ACCEPTED)('accepts %j', (schema) => {
  expect(validateMfjs(schema)).toEqual([]);
});

test('lenient at the root only, and only about $schema', () => {
  expect(validateMfjs({ $schema: 'x', ...member(S) }, 'lenient-root')).toEqual([]);
  expect(validateMfjs(member({ $schema: 'x', ...S }), 'lenient-root')).toHaveLength(1);
});

test('names every subschema that is wrong', () => {
  const schema = { type: 'object', properties: { a: { format: 'x' }, b: { description: 'y' } } };
  expect(validateMfjs(schema).map(({ path }) => path)).toEqual(['properties.a', 'properties.b']);
});

test('refuses 31 levels, and a nest that would overflow the stack', () => {
  const nest = (levels: number): unknown => (levels === 0 ? S : member(nest(levels - 1)));
  expect(validateMfjs(nest(30))).toEqual([]);
  expect(mfjsDetails(validateMfjs(nest(31)))).toContain('schema depth exceeds maximum limit of 30');
  expect(mfjsDetails(validateMfjs(nest(1000)))).toContain('schema depth exceeds maximum limit of 30');
});
