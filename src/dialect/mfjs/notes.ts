import { isObject, type JsonObject, member, shortJson } from './json-value.ts';
import type { TypeName } from './shape.ts';
import { NUMBER_FORMATS } from './types-of.ts';

const MAX_JSON = 200;

/** What a keyword demands, in words, where the dialect has no keyword for it. Undefined: it demands nothing. */
type Sentence = (value: unknown, schema: JsonObject) => string | undefined;

const json = (value: unknown) => shortJson(value, MAX_JSON);
const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;
const text = (before: string, after = '.'): Sentence => {
  return (value) => (typeof value === 'string' && value !== '' ? `${before}${value}${after}` : undefined);
};
const count = (before: string, after: string): Sentence => {
  return (value) => (isPositive(value) ? `${before} ${value} ${after}.` : undefined);
};

const STRING: Readonly<Record<string, Sentence>> = {
  pattern: (value, schema) => patternSentence(value, schema),
  format: (value) =>
    typeof value === 'string' && value !== '' && !NUMBER_FORMATS.has(value) ? `Format: ${value}.` : undefined,
  contentEncoding: text('Encoded as '),
  contentMediaType: text('Content of the type '),
};

const NUMBER: Readonly<Record<string, Sentence>> = {
  multipleOf: (value) => (isPositive(value) ? `Must be a multiple of ${value}.` : undefined),
};

const ARRAY: Readonly<Record<string, Sentence>> = {
  uniqueItems: (value) => (value === true ? 'No item may occur twice.' : undefined),
  contains: (value, schema) => containsSentence(value, schema),
  unevaluatedItems: (value) => (value === false ? 'No further items.' : undefined),
};

const OBJECT: Readonly<Record<string, Sentence>> = {
  minProperties: count('At least', 'members'),
  maxProperties: (value) => (typeof value === 'number' ? `At most ${value} members.` : undefined),
  propertyNames: (value) => nameSentence(value),
  patternProperties: (value) => matchedSentence(value),
  dependentRequired: (value) => dependencySentence(value),
  dependentSchemas: (value) => dependencySentence(value),
  dependencies: (value) => dependencySentence(value),
  unevaluatedProperties: (value) => (value === false ? 'No undeclared members.' : undefined),
};

const ANY_TYPE: Readonly<Record<string, Sentence>> = {
  not: (value) => notSentence(value),
  if: (_, schema) => conditionSentence(schema),
  deprecated: (value) => (value === true ? 'Deprecated.' : undefined),
  examples: (value) => (Array.isArray(value) && value.length > 0 ? `Examples: ${shortJson(value, 120)}.` : undefined),
  example: (value) => (value === undefined || value === null ? undefined : `Example: ${shortJson(value, 120)}.`),
};

/** Words about the value that take nothing away when they are lost. */
const ADVICE = new Set(['deprecated', 'examples', 'example', 'contentMediaType']);

const BY_TYPE: Readonly<Record<TypeName, Readonly<Record<string, Sentence>>>> = {
  string: STRING,
  number: NUMBER,
  integer: NUMBER,
  array: ARRAY,
  object: OBJECT,
  boolean: {},
  null: {},
};

export interface Told {
  readonly notes: readonly string[];
  /** Whether a demand became mere words. */
  readonly weakened: boolean;
}

export function typeNotes(type: TypeName, schema: JsonObject): Told {
  return tell(BY_TYPE[type], schema);
}

export function generalNotes(schema: JsonObject): Told {
  return tell(ANY_TYPE, schema);
}

function tell(sentences: Readonly<Record<string, Sentence>>, schema: JsonObject): Told {
  const notes: string[] = [];
  let weakened = false;
  for (const [keyword, sentence] of Object.entries(sentences)) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const note = sentence(schema[keyword], schema);
    if (note === undefined) continue;
    notes.push(note);
    weakened ||= !ADVICE.has(keyword);
  }
  return { notes, weakened };
}

/** zod writes out the half page that an e-mail address must match beside `format: email`: the format says it. */
function patternSentence(value: unknown, schema: JsonObject): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const isSaid = value.length > 60 && typeof member(schema, 'format') === 'string';
  return isSaid ? undefined : `Must match the pattern \`${value}\`.`;
}

/** Names are strings: zod says so for each record. */
function nameSentence(value: unknown): string | undefined {
  if (value === false) return 'No members.';
  if (!isObject(value)) return undefined;
  const { type, ...rest } = value;
  return type === 'string' && Object.keys(rest).length === 0 ? undefined : `Member names: ${json(value)}.`;
}

function containsSentence(value: unknown, schema: JsonObject): string {
  const least = member(schema, 'minContains');
  const most = member(schema, 'maxContains');
  const atLeast = typeof least === 'number' ? least : 1;
  return `At least ${atLeast}${typeof most === 'number' ? ` and at most ${most}` : ''} of the items: ${json(value)}.`;
}

function matchedSentence(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  return names.length === 0
    ? undefined
    : `Members whose name matches \`${names[0]}\`: ${json(Object.values(value)[0])}.`;
}

function dependencySentence(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const parts = Object.entries(value).map(([name, needs]) =>
    Array.isArray(needs) ? `"${name}" needs ${needs.join(', ')}` : `with "${name}": ${json(needs)}`,
  );
  return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
}

function notSentence(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length === 0) return undefined;
  if (Object.hasOwn(value, 'const')) return `Must not be ${json(value['const'])}.`;
  if (Array.isArray(value['enum'])) return `Must not be one of ${json(value['enum'])}.`;
  if (typeof value['type'] === 'string' && Object.keys(value).length === 1)
    return `Must not be of type ${value['type']}.`;
  if (Array.isArray(value['required']) && Object.keys(value).length === 1) {
    return `Must not have ${value['required'].length > 1 ? 'all of ' : ''}${value['required'].join(', ')}.`;
  }
  return `Must not match ${json(value)}.`;
}

function conditionSentence(schema: JsonObject): string | undefined {
  const then = member(schema, 'then');
  const otherwise = member(schema, 'else');
  if (then === undefined && otherwise === undefined) return undefined;
  const consequence = then === undefined ? 'anything' : json(then);
  return `If it matches ${json(schema['if'])}, then ${consequence}${otherwise === undefined ? '' : `, else ${json(otherwise)}`}.`;
}
