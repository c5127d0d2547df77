import fc from 'fast-check';
import { isObject } from './json-value.ts';

/** Schemas and values for property tests: few names and small numbers, so that values often fit. */
const NAMES = ['a', 'b', 'c', '$ref', 'anyOf', 'x/y', '__proto__', 'p{1}'];
const name = fc.constantFrom(...NAMES);
const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2.5, 3, -1, '', 'a', 'bb', 'ccc', '2024-01-01');
const reference = fc.constantFrom(
  '#',
  '#/$defs/A',
  '#/$defs/B',
  '#/definitions/C',
  '#/definitions/x~1y',
  '#/properties/a',
  '#/components/schemas/Gone',
  'https://example.com/schema.json',
  '#anchor',
);
const size = fc.integer({ min: 0, max: 3 });
const bound = fc.constantFrom(-1, 0, 0.5, 1, 2, 2.5, 3);
const typeName = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
const TYPED_ELSEWHERE = ['anyOf', 'oneOf', 'allOf', 'enum', 'const', '$ref'];

type Ties = { schema: unknown; branches: unknown[]; members: Record<string, unknown> };

const { schema } = fc.letrec<Ties>((tie) => ({
  branches: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
  members: fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(true, {}, { type: 'string', description: 'Words.' }, { type: 'integer' }),
    },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(false, { description: 'Anything' }, { enum: ['a', 1, null] }) },
    {
      weight: 6,
      arbitrary: fc.array(keyword(tie), { minLength: 1, maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    },
  ),
}));

/** One keyword with a value, as an entry. */
function keyword(tie: fc.LetrecTypedTie<Ties>): fc.Arbitrary<[string, unknown]> {
  const entry = (key: string, value: fc.Arbitrary<unknown>) => value.map((one): [string, unknown] => [key, one]);
  const sub = tie('schema');
  const map = (names: fc.Arbitrary<string>, values: fc.Arbitrary<unknown>) =>
    fc.dictionary(names, values, { maxKeys: 2, noNullPrototype: true });
  const values = fc.array(fc.oneof(scalar, fc.constantFrom<unknown>({ a: 1 }, [1])), { maxLength: 4 });
  const types = entry('type', fc.oneof(typeName, fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 })));
  return fc.oneof(
    types,
    types,
    entry('title', fc.constant('Title')),
    entry('description', fc.constantFrom('One.', 'Two.')),
    entry('default', fc.oneof(scalar, fc.constant([1]))),
    entry('enum', values),
    entry('const', scalar),
    entry('nullable', fc.boolean()),
    ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((key) =>
      entry(key, size),
    ),
    ...['minimum', 'maximum'].map((key) => entry(key, bound)),
    ...['exclusiveMinimum', 'exclusiveMaximum'].map((key) => entry(key, fc.oneof(bound, fc.boolean()))),
    entry('pattern', fc.constantFrom('^a', 'b$', '(')),
    entry('format', fc.constantFrom('date-time', 'int32', 'uri')),
    entry('multipleOf', fc.constantFrom(1, 0.5, 2)),
    entry('items', fc.oneof(sub, tie('branches'))),
    entry('prefixItems', tie('branches')),
    ...['additionalItems', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'].map((key) => entry(key, sub)),
    entry('uniqueItems', fc.boolean()),
    entry('properties', tie('members')),
    entry('properties', tie('members')),
    entry('required', fc.uniqueArray(name, { maxLength: 2 })),
    entry('additionalProperties', fc.oneof(fc.boolean(), sub)),
    entry('patternProperties', map(fc.constantFrom('^a', 'b'), sub)),
    entry('dependentRequired', map(name, fc.array(name, { maxLength: 2 }))),
    entry('dependencies', map(name, sub)),
    ...['anyOf', 'oneOf', 'allOf', 'anyOf'].map((key) => entry(key, tie('branches'))),
    entry('$ref', reference),
    entry('$ref', reference),
    entry('$comment', fc.constant('ignored')),
  );
}

/** A document with definitions to refer to. */
export const anySchema: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(schema, schema, schema, schema)
  .map(([root, a, b, c]) => ({
    ...(isObject(root) ? root : {}),
    $defs: { A: a, B: b },
    definitions: { C: c, 'x/y': a },
  }));

export const anyInstance: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const KEYWORD_TYPES: readonly (readonly [string, readonly string[]])[] = [
  [
    'object',
    [
      'properties',
      'required',
      'additionalProperties',
      'patternProperties',
      'propertyNames',
      'minProperties',
      'maxProperties',
      'dependentRequired',
      'dependencies',
    ],
  ],
  ['array', ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['string', ['minLength', 'maxLength', 'pattern']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/**
 * The schema as its author means it: `{properties: …}` without a type is about objects, although by the letter it allows
 * any other value, too. The compiler infers types in the same places and only there.
 */
export function withImpliedTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withImpliedTypes);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => [
    key,
    MAPS.includes(key) && isObject(child)
      ? Object.fromEntries(Object.entries(child).map(([inner, one]) => [inner, withImpliedTypes(one)]))
      : SCHEMAS.includes(key)
        ? withImpliedTypes(child)
        : child,
  ]);
  const types = KEYWORD_TYPES.filter(([, keywords]) => keywords.some((keyword) => Object.hasOwn(value, keyword)));
  const isTyped = Object.hasOwn(value, 'type') || TYPED_ELSEWHERE.some((keyword) => Object.hasOwn(value, keyword));
  const format = value['format'] === undefined ? [] : [value['format'] === 'int32' ? 'integer' : 'string'];
  const implied = types.length > 0 ? types.map(([type]) => type) : format;
  return Object.fromEntries(isTyped || implied.length === 0 ? entries : [...entries, ['type', implied]]);
}

const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependencies'];
const SCHEMAS = [
  'items',
  'prefixItems',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'anyOf',
  'oneOf',
  'allOf',
];
