import { type JsonObject, member } from '../mfjs/json-value.ts';
import type { ArgumentProblem, Checker } from './argument-problem.ts';
import { isEqual } from './scalar-problems.ts';

export function arrayProblems(
  value: unknown,
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  if (!Array.isArray(value)) return [];
  return [
    ...countProblems(value, schema).map((message) => ({ path, message })),
    ...itemProblems(value, schema, path, checker),
    ...containsProblems(value, schema, path, checker),
  ];
}

function countProblems(value: readonly unknown[], schema: JsonObject): readonly string[] {
  const { minItems, maxItems, uniqueItems } = schema;
  const messages: string[] = [];
  if (typeof minItems === 'number' && value.length < minItems) messages.push(`must have at least ${minItems} items`);
  if (typeof maxItems === 'number' && value.length > maxItems) messages.push(`must have at most ${maxItems} items`);
  if (
    uniqueItems === true &&
    value.some((item, index) => value.slice(0, index).some((other) => isEqual(item, other)))
  ) {
    messages.push('must not have the same item twice');
  }
  return messages;
}

/** Tuples are `prefixItems` with `items`, or in older drafts a list of `items` with `additionalItems`. */
function itemProblems(
  value: readonly unknown[],
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  const items = member(schema, 'items');
  const isOldTuple = Array.isArray(items);
  const prefix = isOldTuple ? items : member(schema, 'prefixItems');
  const rest = isOldTuple ? member(schema, 'additionalItems') : items;
  const first: readonly unknown[] = Array.isArray(prefix) ? prefix : [];
  return value.flatMap((item, index) => {
    const own = index < first.length ? first[index] : rest;
    return own === undefined ? [] : checker.check(item, own, `${path}/${index}`);
  });
}

function containsProblems(
  value: readonly unknown[],
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  const contains = member(schema, 'contains');
  if (contains === undefined) return [];
  const { minContains, maxContains } = schema;
  const count = value.filter((item) => checker.check(item, contains, path).length === 0).length;
  const isEnough = count >= (typeof minContains === 'number' ? minContains : 1);
  const isTooMany = typeof maxContains === 'number' && count > maxContains;
  return isEnough && !isTooMany ? [] : [{ path, message: `has ${count} of the items that it must contain` }];
}
