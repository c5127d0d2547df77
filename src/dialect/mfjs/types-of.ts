import { type JsonObject, member } from './json-value.ts';
import { ALL_TYPES, type TypeName } from './shape.ts';

/** JSON Schema's own names, and what other languages' generators write for them (seen in hand-written MCP servers). */
const TYPE_NAMES: ReadonlyMap<string, readonly TypeName[]> = new Map([
  ...(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const).map(
    (type) => [type, [type]] as [string, readonly TypeName[]],
  ),
  ['any', ALL_TYPES],
  ['str', ['string']],
  ['text', ['string']],
  ['file', ['string']],
  ['date', ['string']],
  ['datetime', ['string']],
  ['uuid', ['string']],
  ['int', ['integer']],
  ['long', ['integer']],
  ['float', ['number']],
  ['double', ['number']],
  ['bool', ['boolean']],
  ['dict', ['object']],
  ['map', ['object']],
  ['list', ['array']],
  ['tuple', ['array']],
  ['none', ['null']],
]);

const KEYWORD_TYPES: readonly (readonly [TypeName, readonly string[]])[] = [
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
      'dependentSchemas',
      'dependencies',
      'unevaluatedProperties',
    ],
  ],
  [
    'array',
    [
      'items',
      'prefixItems',
      'additionalItems',
      'minItems',
      'maxItems',
      'uniqueItems',
      'contains',
      'minContains',
      'maxContains',
      'unevaluatedItems',
    ],
  ],
  ['string', ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/** Keywords that bring types of their own: beside them nothing is inferred. */
const TYPED_ELSEWHERE = ['anyOf', 'oneOf', 'allOf', 'enum', 'const', '$ref', '$dynamicRef', '$recursiveRef'];

/** The types that a schema names, or that its keywords imply where it names none; all where nothing is said. */
export function typesOf(schema: JsonObject): readonly TypeName[] {
  const declared = declaredTypes(member(schema, 'type'));
  if (declared.length > 0) return declared;
  if (TYPED_ELSEWHERE.some((keyword) => Object.hasOwn(schema, keyword))) return ALL_TYPES;
  const implied = KEYWORD_TYPES.filter(([, keywords]) => keywords.some((keyword) => Object.hasOwn(schema, keyword)));
  if (implied.length > 0) return implied.map(([type]) => type);
  return typeof member(schema, 'format') === 'string' ? formatTypes(String(schema['format'])) : ALL_TYPES;
}

function declaredTypes(type: unknown): readonly TypeName[] {
  const names = [type].flat().filter((name) => typeof name === 'string');
  const types = new Set(names.flatMap((name) => TYPE_NAMES.get(name.toLowerCase()) ?? []));
  // A list with a name that nobody knows allows what that name means, too.
  if (names.some((name) => !TYPE_NAMES.has(name.toLowerCase()))) return [];
  if (types.has('number')) types.delete('integer');
  return [...types];
}

/** OpenAPI's formats of numbers; all others are formats of strings. */
export const NUMBER_FORMATS: ReadonlyMap<string, TypeName> = new Map([
  ['int32', 'integer'],
  ['int64', 'integer'],
  ['uint32', 'integer'],
  ['uint64', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
]);

function formatTypes(format: string): readonly TypeName[] {
  return [NUMBER_FORMATS.get(format) ?? 'string'];
}
