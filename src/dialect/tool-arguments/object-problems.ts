import { isObject, type JsonObject, member } from '../mfjs/json-value.ts';
import type { ArgumentProblem, Checker } from './argument-problem.ts';
import { matches } from './scalar-problems.ts';

export function objectProblems(
  value: unknown,
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  if (!isObject(value)) return [];
  return [
    ...nameProblems(value, schema).map((message) => ({ path, message })),
    ...memberProblems(value, schema, path, checker),
    ...dependencyProblems(value, schema, path, checker),
  ];
}

function nameProblems(value: JsonObject, schema: JsonObject): readonly string[] {
  const { required, minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  const messages: string[] = [];
  for (const name of Array.isArray(required) ? required : []) {
    if (typeof name === 'string' && !Object.hasOwn(value, name)) messages.push(`lacks "${name}"`);
  }
  if (typeof minProperties === 'number' && count < minProperties) messages.push(`must have ${minProperties} members`);
  if (typeof maxProperties === 'number' && count > maxProperties) {
    messages.push(`must have at most ${maxProperties} members`);
  }
  return messages;
}

function memberProblems(
  value: JsonObject,
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  const declared = member(schema, 'properties');
  const patterns = member(schema, 'patternProperties');
  const additional = member(schema, 'additionalProperties');
  const names = member(schema, 'propertyNames');
  return Object.entries(value).flatMap(([name, child]) => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const own = isObject(declared) && Object.hasOwn(declared, name) ? [declared[name]] : [];
    const matching = isObject(patterns)
      ? Object.entries(patterns).flatMap(([pattern, one]) => (matches(name, pattern) ? [one] : []))
      : [];
    const schemas = [...own, ...matching];
    if (schemas.length === 0 && additional !== undefined) {
      if (additional === false) return [{ path: at, message: 'is not a member that it may have' }];
      schemas.push(additional);
    }
    const named = names === undefined ? [] : checker.check(name, names, at);
    return [...named, ...schemas.flatMap((one) => checker.check(child, one, at))];
  });
}

/** `dependencies` of older drafts holds both kinds. */
function dependencyProblems(
  value: JsonObject,
  schema: JsonObject,
  path: string,
  checker: Checker,
): readonly ArgumentProblem[] {
  return ['dependentRequired', 'dependentSchemas', 'dependencies'].flatMap((keyword) => {
    const dependencies = member(schema, keyword);
    if (!isObject(dependencies)) return [];
    return Object.entries(dependencies).flatMap(([name, needs]): readonly ArgumentProblem[] => {
      if (!Object.hasOwn(value, name)) return [];
      if (!Array.isArray(needs)) return checker.check(value, needs, path);
      return needs
        .filter((needed) => typeof needed === 'string' && !Object.hasOwn(value, needed))
        .map((needed) => ({ path, message: `with "${name}" needs "${needed}"` }));
    });
  });
}
