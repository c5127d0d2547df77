import { isObject, type JsonObject, member, shortJson } from '../mfjs/json-value.ts';
import type { ArgumentProblem } from './argument-problem.ts';

export function typeProblem(value: unknown, schema: JsonObject, path: string): ArgumentProblem | undefined {
  const types = [member(schema, 'type')].flat().filter((type) => typeof type === 'string');
  if (types.length === 0 || types.some((type) => hasType(value, type))) return undefined;
  if (value === null && member(schema, 'nullable') === true) return undefined;
  return { path, message: `must be of type ${types.join(' or ')}` };
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

/** `enum`, `const`, and the keywords of strings and numbers. */
export function scalarProblems(value: unknown, schema: JsonObject, path: string): readonly ArgumentProblem[] {
  const messages: string[] = [];
  const values = member(schema, 'enum');
  const isNullable = value === null && member(schema, 'nullable') === true;
  if (Array.isArray(values) && !isNullable && !values.some((one) => isEqual(one, value))) {
    messages.push(`must be one of ${shortJson(values, 200)}`);
  }
  if (Object.hasOwn(schema, 'const') && !isNullable && !isEqual(schema['const'], value)) {
    messages.push(`must be ${shortJson(schema['const'], 200)}`);
  }
  if (typeof value === 'string') messages.push(...stringProblems(value, schema));
  if (typeof value === 'number') messages.push(...numberProblems(value, schema));
  return messages.map((message) => ({ path, message }));
}

function stringProblems(value: string, schema: JsonObject): readonly string[] {
  const { minLength, maxLength, pattern } = schema;
  const length = [...value].length;
  const messages: string[] = [];
  if (typeof minLength === 'number' && length < minLength) messages.push(`must have at least ${minLength} characters`);
  if (typeof maxLength === 'number' && length > maxLength) messages.push(`must have at most ${maxLength} characters`);
  if (typeof pattern === 'string' && !matches(value, pattern)) messages.push(`must match the pattern ${pattern}`);
  return messages;
}

function numberProblems(value: number, schema: JsonObject): readonly string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  const messages: string[] = [];
  if (typeof minimum === 'number' && value < minimum) messages.push(`must be at least ${minimum}`);
  if (typeof maximum === 'number' && value > maximum) messages.push(`must be at most ${maximum}`);
  if (typeof above === 'number' && value <= above) messages.push(`must be greater than ${above}`);
  if (typeof below === 'number' && value >= below) messages.push(`must be less than ${below}`);
  if (typeof multipleOf === 'number' && multipleOf > 0 && !isMultiple(value, multipleOf)) {
    messages.push(`must be a multiple of ${multipleOf}`);
  }
  return messages;
}

/** 0.3 is a multiple of 0.1, whatever binary fractions say. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

const MAX_TESTED_LENGTH = 256;

/**
 * The pattern comes from the client and the text from the model: one that could take for ever (a repeated group, many
 * open repetitions) or does not compile is not tested.
 */
export function matches(value: string, pattern: string): boolean {
  const isRisky = /\)[*+{?]|\\[1-9k]/.test(pattern) || (pattern.match(/[*+]|,\}/g)?.length ?? 0) > 2;
  if (pattern.length > 300 || isRisky || value.length > MAX_TESTED_LENGTH) return true;
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}
