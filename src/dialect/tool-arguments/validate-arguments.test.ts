import { expect, test } from 'vitest';
import { validateArguments } from './validate-arguments.ts';

test('says where and what', () => {
  const schema = {
    type: 'object',
    properties: { items: { type: 'array', items: { $ref: '#/definitions/Item' } }, mode: { enum: ['a', 'b'] } },
    required: ['mode', 'items'],
    additionalProperties: false,
    definitions: { Item: { type: 'object', properties: { 'a/b': { type: 'integer', exclusiveMinimum: 0 } } } },
  };
  expect(validateArguments({ items: [{ 'a/b': 1 }], mode: 'a' }, schema)).toEqual([]);
  expect(validateArguments({ items: [{}, { 'a/b': 0 }], mode: 'c', x: 1 }, schema)).toEqual([
    { path: '/items/1/a~1b', message: 'must be greater than 0' },
    { path: '/mode', message: 'must be one of ["a","b"]' },
    { path: '/x', message: 'is not a member that it may have' },
  ]);
  expect(validateArguments({}, schema).map(({ message }) => message)).toEqual(['lacks "mode"', 'lacks "items"']);
});

test.each<[unknown, unknown, boolean]>([
  [3, { oneOf: [{ type: 'integer' }, { type: 'number' }] }, false],
  [0.3, { multipleOf: 0.1 }, true],
  [[1, 'a'], { prefixItems: [{ type: 'integer' }], items: { type: 'string' } }, true],
  [['a'], { items: [{ type: 'integer' }], additionalItems: false }, false],
  [[1, 2], { contains: { const: 3 } }, false],
  [{ a: 1 }, JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'), false],
  [{ a: 1 }, { dependentRequired: { a: ['b'] } }, false],
  ['x'.repeat(40), { pattern: '(a+)+$' }, true],
  ['b', { pattern: '^a' }, false],
  [null, { type: 'string', nullable: true }, true],
  [{ a: 1 }, { not: { required: ['a'] } }, false],
])('%j by %j: %s', (value, schema, valid) => {
  expect(validateArguments(value, schema).length === 0).toBe(valid);
});

test('a schema that refers to itself without end is given up', () => {
  expect(validateArguments(1, { $ref: '#' })).toEqual([]);
  expect(validateArguments(1, { anyOf: [{ $ref: '#' }, { $ref: '#' }] }).length).toBeLessThanOrEqual(1);
});
