import { isObject, type JsonObject } from '../json.ts';
import { ALLOWED_BY_TYPE, COMMON, MAX, RESERVED_PROPERTIES, ROOT_ONLY, TYPES } from './keywords.ts';
import { type MfjsPath, type MfjsProblem, problem } from './mfjs-problem.ts';

/** One check of one subschema; the first that returns a problem ends that subschema's examination. */
export type KeywordCheck = (schema: JsonObject, path: MfjsPath) => MfjsProblem | undefined;

function typesOf(schema: JsonObject): readonly unknown[] {
  return Array.isArray(schema['type']) ? schema['type'] : 'type' in schema ? [schema['type']] : [];
}

const typePlace: KeywordCheck = (schema, path) => {
  if (!('type' in schema)) return undefined;
  for (const keyword of ['anyOf', '$ref']) {
    if (!(keyword in schema)) continue;
    const home = keyword === 'anyOf' ? 'anyOf items' : 'the referenced schema';
    return problem(path, `when using ${keyword}, type should be defined in ${home} instead of the parent schema`);
  }
  return undefined;
};

const typeValue: KeywordCheck = (schema, path) => {
  const type = schema['type'];
  if (!('type' in schema)) return undefined;
  if (typeof type === 'string') return TYPES.has(type) ? undefined : problem(path, 'invalid type');
  if (!Array.isArray(type)) return problem(path, 'type must be string or array of strings');
  if (type.length === 0) return problem(path, 'type array cannot be empty');
  if (!type.every((item) => typeof item === 'string' && TYPES.has(item))) {
    return problem(path, 'invalid type in type array');
  }
  if (new Set(type).size < type.length) return problem([...path, 'type'], 'duplicate types in type array');
  return undefined;
};

/** `{}` says "anything" and is fine at the root and under `additionalProperties` only. */
const typeMissing: KeywordCheck = (schema, path) => {
  if ('type' in schema || 'anyOf' in schema || '$ref' in schema) return undefined;
  const mayBeEmpty = path.length === 0 || path.at(-1) === 'additionalProperties';
  if (mayBeEmpty && Object.keys(schema).every((key) => ROOT_ONLY.has(key) || COMMON.has(key))) return undefined;
  return problem(path, 'type is not defined');
};

const severalTypes: KeywordCheck = (schema, path) => {
  const types = typesOf(schema);
  if (types.length < 2) return undefined;
  const isPlain = !types.includes('object') && !types.includes('array');
  if ('enum' in schema && !isPlain) {
    const type = types.includes('object') ? 'object' : 'array';
    return problem(path, `type ${type} is not allowed in combination with enum`);
  }
  if (types.length === 2 && 'enum' in schema) return undefined;
  const stranger = Object.keys(schema).find(
    (key) => key !== 'type' && !COMMON.has(key) && !(path.length === 0 && ROOT_ONLY.has(key)),
  );
  if (stranger === undefined) return undefined;
  return problem(path, `keyword ${stranger} is not allowed in combination with multiple types`);
};

const keywordsOfType: KeywordCheck = (schema, path) => {
  const misplaced = path.length > 0 ? Object.keys(schema).find((key) => ROOT_ONLY.has(key)) : undefined;
  if (misplaced !== undefined) return problem(path, `keyword ${misplaced} must be at root level`);
  const allowed = typesOf(schema).map((type) => ALLOWED_BY_TYPE[String(type)] ?? new Set());
  const strangers = Object.keys(schema).filter(
    (key) => !ROOT_ONLY.has(key) && !allowed.every((keywords) => keywords.has(key)),
  );
  return strangers.length > 0 ? problem(path, `invalid keywords: ${strangers.sort().join(', ')}`) : undefined;
};

const RANGES = [
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minimum', 'maximum'],
] as const;

const ranges: KeywordCheck = (schema, path) => {
  for (const [low, high] of RANGES) {
    const isCount = low !== 'minimum';
    const mustBeInteger = isCount || typesOf(schema).includes('integer');
    for (const name of [low, high]) {
      const value = schema[name];
      if (value === undefined || value === null) continue;
      if (typeof value !== 'number') {
        return problem(path, `${name} must be ${mustBeInteger ? 'an integer' : 'a number'}`);
      }
      if (mustBeInteger && !Number.isInteger(value)) return problem(path, 'not a valid integer');
      if (isCount && value < 0) return problem(path, `${name} must be non-negative`);
    }
    const [min, max] = [schema[low], schema[high]];
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      return problem(path, `${low} (${min}) cannot be greater than ${high} (${max})`);
    }
  }
  return undefined;
};

const properties: KeywordCheck = (schema, path) => {
  if (!('properties' in schema)) return undefined;
  const value = schema['properties'];
  const at = [...path, 'properties'];
  if (!isObject(value)) return problem(at, 'properties must be an object');
  for (const [name, member] of Object.entries(value)) {
    if (name === '') return problem(at, 'property name cannot be empty');
    if (RESERVED_PROPERTIES.has(name)) {
      return problem(at, `property name '${name}' is reserved for JSON Schema keywords`);
    }
    if (!isObject(member)) return problem(at, `property schema for '${name}' must be an object`);
  }
  return undefined;
};

const required: KeywordCheck = (schema, path) => {
  if (!('required' in schema)) return undefined;
  const at = [...path, 'required'];
  const value = schema['required'];
  if (!Array.isArray(value)) return problem(at, 'required must be an array');
  if (value.length === 0) return undefined;
  if (!value.every((name) => typeof name === 'string')) return problem(at, 'items in required array must be strings');
  if (value.includes('')) return problem(at, 'property names in required array cannot be empty');
  const twice = value.find((name, index) => value.indexOf(name) !== index);
  if (twice !== undefined) return problem(at, `duplicate items in required array: ${twice}`);
  const members = schema['properties'];
  if (!isObject(members)) return problem(at, "required specified but 'properties' keyword is missing");
  const unknown = value.find((name) => !Object.hasOwn(members, name));
  return unknown === undefined ? undefined : problem(at, `required property '${unknown}' is not defined in properties`);
};

function hasType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

const enumValues: KeywordCheck = (schema, path) => {
  if (!('enum' in schema)) return undefined;
  const value = schema['enum'];
  const at = [...path, 'enum'];
  if (!Array.isArray(value)) return problem(at, 'enum must be an array');
  if (value.length === 0) return problem(at, 'enum array cannot be empty');
  if (value.length > MAX.enum) return problem(at, `enum array cannot have more than ${MAX.enum} items`);
  const types = typesOf(schema);
  if (types.length > 2 || (types.length === 2 && !types.includes('null'))) {
    return problem(
      path,
      'when type is array and enum is specified, currently only 2 types are supported, one must be null, and the other can be string/integer/number/boolean',
    );
  }
  const odd = value.find((item) => !types.some((type) => hasType(item, type)));
  const isOdd = odd !== undefined;
  return isOdd ? problem(at, `enum value (${String(odd)}) does not match any type in [${types.join(' ')}]`) : undefined;
};

const containers: KeywordCheck = (schema, path) => {
  if ('items' in schema && !isObject(schema['items'])) return problem([...path, 'items'], 'items must be an object');
  const additional = schema['additionalProperties'];
  if ('additionalProperties' in schema && typeof additional !== 'boolean' && !isObject(additional)) {
    return problem([...path, 'additionalProperties'], 'additionalProperties must be a boolean or an object');
  }
  for (const name of ['description', '$id']) {
    const value = schema[name];
    const isMissing = value === undefined || (name === '$id' && value === null);
    if (!isMissing && typeof value !== 'string') return problem([...path, name], `${name} must be a string`);
  }
  return undefined;
};

const branches: KeywordCheck = (schema, path) => {
  if (!('anyOf' in schema)) return undefined;
  const value = schema['anyOf'];
  const at = [...path, 'anyOf'];
  if (!Array.isArray(value)) return problem(at, 'anyOf must be an array');
  if (value.length === 0 || value.length > MAX.anyOf) return problem(at, `anyOf must have 1-${MAX.anyOf} items`);
  if (!value.every(isObject)) return problem(at, 'schema in anyOf must be an object');
  const stranger = siblings('anyOf', schema, path);
  if (stranger !== undefined) return stranger;
  const conflicts = Object.keys(schema).filter(
    (key) => key !== 'anyOf' && value.some((branch) => isObject(branch) && key in branch),
  );
  if (conflicts.length > 0) {
    return problem(
      path,
      `conflicting keywords found in anyOf with parent: keywords (${conflicts.sort().join(', ')}) are defined on the parent schema and inside anyOf; remove them from the parent or from anyOf branches`,
    );
  }
  return undefined;
};

const reference: KeywordCheck = (schema, path) => {
  if (!('$ref' in schema)) return undefined;
  const value = schema['$ref'];
  const at = [...path, '$ref'];
  if (typeof value !== 'string') return problem(at, '$ref must be a string');
  if (value === '#') return undefined;
  if (!value.startsWith('#/$defs/')) return problem(at, 'references must start with #/$defs/');
  if (value === '#/$defs/') return problem(at, 'definition name cannot be empty');
  return siblings('$ref', schema, path);
};

function siblings(keyword: string, schema: JsonObject, path: MfjsPath): MfjsProblem | undefined {
  const stranger = Object.keys(schema).find(
    (key) => key !== keyword && !COMMON.has(key) && !(path.length === 0 && ROOT_ONLY.has(key)),
  );
  if (stranger === undefined) return undefined;
  return problem(path, `keyword '${stranger}' is not allowed at the same level as ${keyword}`);
}

/** In the order in which the published validator asks, so that the first sentence is the same. */
export const KEYWORD_CHECKS: readonly KeywordCheck[] = [
  typePlace,
  typeValue,
  severalTypes,
  (schema, path) => ('type' in schema ? keywordsOfType(schema, path) : undefined),
  ranges,
  containers,
  branches,
  reference,
  typeMissing,
  enumValues,
  properties,
  required,
];
