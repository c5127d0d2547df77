import { isObject, type JsonObject, member } from './json-value.ts';
import { isUsableName, LIMITS } from './limits.ts';
import { canEnd, definitionOf, depthOf } from './recursion.ts';

/**
 * Whether a schema is within Moonshot Flavored JSON Schema already, by the rules of the published validator
 * (MoonshotAI/walle at its level "default") and, where the published document is narrower, by those: then it is not
 * touched. Lists of types stand without other keywords, lists of values are of one type, defaults are scalars.
 */
export function isMfjs(schema: unknown): schema is JsonObject {
  if (!isObject(schema)) return false;
  const id = member(schema, '$id');
  if (id !== undefined && typeof id !== 'string') return false;
  const definitions = member(schema, '$defs');
  if (definitions !== undefined && !isDefinitions(definitions)) return false;
  const check = new MfjsCheck(schema);
  if (!check.isValid(schema, { isRoot: true, inDefinition: false, depth: 0 })) return false;
  if (isObject(definitions)) {
    for (const definition of Object.values(definitions)) {
      if (!check.isValid(definition, { isRoot: false, inDefinition: true, depth: 0 })) return false;
    }
  }
  return depthOf(schema) <= LIMITS.depth && canEnd(schema);
}

function isDefinitions(value: unknown): boolean {
  return isObject(value) && Object.keys(value).every((name) => name !== '' && !name.includes('/'));
}

interface Place {
  readonly isRoot: boolean;
  readonly inDefinition: boolean;
  readonly depth: number;
}

const COMMON = ['title', 'description'];
const ROOT_ONLY = ['$defs', '$id'];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['type', 'properties', 'required', 'additionalProperties', 'default', ...COMMON],
  array: ['type', 'items', 'minItems', 'maxItems', 'default', ...COMMON],
  string: ['type', 'minLength', 'maxLength', 'enum', 'default', ...COMMON],
  number: ['type', 'minimum', 'maximum', 'enum', 'default', ...COMMON],
  integer: ['type', 'minimum', 'maximum', 'enum', 'default', ...COMMON],
  boolean: ['type', 'enum', 'default', ...COMMON],
  null: ['type', 'default', ...COMMON],
};

/** Plain nesting beyond this is not followed: a schema within the limit of 30 levels needs about three a level. */
const MAX_NESTING = 110;

class MfjsCheck {
  readonly #root: JsonObject;
  #properties = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  isValid(schema: unknown, place: Place): boolean {
    if (!isObject(schema) || place.depth > MAX_NESTING) return false;
    const { type, description, title, $ref, anyOf } = schema;
    if (description !== undefined && typeof description !== 'string') return false;
    if (title !== undefined && typeof title !== 'string') return false;
    if (Object.hasOwn(schema, '$ref')) return this.#isReference(schema, $ref, place);
    if (Object.hasOwn(schema, 'anyOf')) return this.#isUnion(schema, anyOf, place);
    if (Array.isArray(type)) return isTypeList(type) && hasOnly(schema, ['type', ...COMMON], place);
    if (typeof type !== 'string') return place.isRoot && type === undefined && hasOnly(schema, COMMON, place);
    const keywords = Object.hasOwn(KEYWORDS, type) ? KEYWORDS[type] : undefined;
    if (keywords === undefined || !hasOnly(schema, keywords, place)) return false;
    const { default: fallback } = schema;
    if (typeof fallback === 'object') return false;
    return isRange(schema, type) && isList(schema, type) && this.#areMembersValid(schema, place);
  }

  #isReference(schema: JsonObject, reference: unknown, place: Place): boolean {
    if (typeof reference !== 'string' || !hasOnly(schema, ['$ref', ...COMMON], place) || place.isRoot) return false;
    const target = definitionOf(this.#root, reference);
    if (target === undefined || Object.hasOwn(target, '$ref')) return false;
    const branches = Array.isArray(target['anyOf']) ? target['anyOf'] : [];
    return COMMON.every(
      (name) => !(name in schema) || ![target, ...branches].some((one) => isObject(one) && name in one),
    );
  }

  #isUnion(schema: JsonObject, branches: unknown, place: Place): boolean {
    if (!hasOnly(schema, ['anyOf', ...COMMON], place) || !Array.isArray(branches)) return false;
    if (branches.length === 0 || branches.length > LIMITS.branches) return false;
    const inside = { ...place, isRoot: false, depth: place.depth + 2 };
    return branches.every(
      (branch) => this.isValid(branch, inside) && COMMON.every((name) => !(name in schema && name in branch)),
    );
  }

  #areMembersValid(schema: JsonObject, place: Place): boolean {
    const { properties, required, additionalProperties, items } = schema;
    const inside = { ...place, isRoot: false, depth: place.depth + 2 };
    if (properties !== undefined) {
      if (!isObject(properties)) return false;
      const entries = Object.entries(properties);
      this.#properties += entries.length;
      if (this.#properties > LIMITS.properties) return false;
      if (!entries.every(([name, child]) => isUsableName(name, place.inDefinition) && this.isValid(child, inside)))
        return false;
    }
    if (required !== undefined && !isRequired(required, properties)) return false;
    const isFlag = additionalProperties === undefined || typeof additionalProperties === 'boolean';
    if (!isFlag && !isEmptyObject(additionalProperties) && !this.isValid(additionalProperties, inside)) return false;
    return items === undefined || this.isValid(items, inside);
  }
}

function hasOnly(schema: JsonObject, allowed: readonly string[], { isRoot }: Place): boolean {
  return Object.keys(schema).every((key) => allowed.includes(key) || (isRoot && ROOT_ONLY.includes(key)));
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isTypeList(types: readonly unknown[]): boolean {
  return (
    types.length > 1 &&
    new Set(types).size === types.length &&
    types.every((type) => typeof type === 'string' && Object.hasOwn(KEYWORDS, type))
  );
}

function isRequired(required: unknown, properties: unknown): boolean {
  if (!Array.isArray(required)) return false;
  if (required.length === 0) return true;
  const isDeclared = (name: unknown) =>
    typeof name === 'string' && isObject(properties) && Object.hasOwn(properties, name);
  return new Set(required).size === required.length && required.every(isDeclared);
}

function isRange(schema: JsonObject, type: string): boolean {
  for (const [low, high] of [
    ['minLength', 'maxLength'],
    ['minItems', 'maxItems'],
    ['minimum', 'maximum'],
  ] as const) {
    const [lower, upper] = [schema[low], schema[high]];
    for (const value of [lower, upper]) {
      if (value === undefined) continue;
      if (typeof value !== 'number' || (low !== 'minimum' && value < 0)) return false;
      if ((low !== 'minimum' || type === 'integer') && !Number.isInteger(value)) return false;
    }
    if (typeof lower === 'number' && typeof upper === 'number' && lower > upper) return false;
  }
  return true;
}

function isList(schema: JsonObject, type: string): boolean {
  const values = schema['enum'];
  if (values === undefined) return true;
  if (!Array.isArray(values) || values.length === 0 || values.length > LIMITS.values) return false;
  return values.every((value) => (type === 'integer' ? Number.isInteger(value) : typeof value === type));
}
