import { isObject, type JsonObject } from '../json.ts';
import { KEYWORD_CHECKS } from './keyword-checks.ts';
import { MAX, SUPPORTED } from './keywords.ts';
import { type MfjsPath, type MfjsProblem, problem } from './mfjs-problem.ts';
import { canEnd, checkReference, DepthMeter } from './references.ts';

/**
 * `strict` = the published dialect. `lenient-root` lets `$schema` stand at the root: the vendor's own command line
 * client sends it in every tool, so the live service cannot be refusing it.
 */
export type MfjsMode = 'strict' | 'lenient-root';

interface Walk {
  readonly root: JsonObject;
  readonly problems: MfjsProblem[];
  properties: number;
}

/** Every place where `schema` leaves Moonshot Flavored JSON Schema, at most one a subschema, in document order. Empty = fine. */
export function validateMfjs(schema: unknown, mode: MfjsMode = 'strict'): MfjsProblem[] {
  if (!isObject(schema)) return [problem([], 'schema must be a dict')];
  const { $schema: _, ...rest } = schema;
  const root = mode === 'lenient-root' ? rest : schema;
  if (Object.keys(root).length === 0) return [];
  if (Buffer.byteLength(JSON.stringify(root)) > MAX.bytes) return [problem([], 'schema exceeds maximum allowed size')];
  const depthProblem = problem([], `schema depth exceeds maximum limit of ${MAX.depth}`);
  if (isTooDeep(root)) return [depthProblem];
  const walk: Walk = { root, problems: [], properties: 0 };
  visit(root, [], walk);
  if (walk.problems.length > 0) return walk.problems;
  if (new DepthMeter(root).measure(root) > MAX.depth) return [depthProblem];
  return canEnd(root, root) ? [] : [problem([], 'detected infinite recursion without termination condition')];
}

/** The first problem in the vendor's words. */
export function mfjsDetails(problems: readonly MfjsProblem[]): string {
  const first = problems[0];
  if (first === undefined) return '';
  return `<At path '${first.path.replaceAll(/anyOf\{\d+\}/g, 'anyOf')}': ${first.reason}>`;
}

function visit(schema: JsonObject, path: MfjsPath, walk: Walk): void {
  const unsupported = Object.keys(schema).filter((key) => !SUPPORTED.has(key));
  const found =
    unsupported.length > 0
      ? problem(path, `unsupported keywords: ${unsupported.sort().join(', ')}`)
      : examine(schema, path, walk);
  if (found !== undefined) walk.problems.push(found);
  for (const [step, child] of children(schema)) {
    if (isObject(child)) visit(child, [...path, ...step], walk);
    else if (step[0] === '$defs')
      walk.problems.push(problem([...path, '$defs'], `$defs schema must be object: ${step[1]}`));
  }
}

function examine(schema: JsonObject, path: MfjsPath, walk: Walk): MfjsProblem | undefined {
  const definitions = checkDefinitions(schema, path);
  if (definitions !== undefined) return definitions;
  for (const check of KEYWORD_CHECKS) {
    const found = check(schema, path);
    if (found !== undefined) return found;
  }
  walk.properties += isObject(schema['properties']) ? Object.keys(schema['properties']).length : 0;
  if (walk.properties > MAX.properties) {
    return problem(
      path,
      `total number of properties keys(${walk.properties}) across all objects exceeds maximum limit of ${MAX.properties}`,
    );
  }
  return checkReference(walk.root, schema, path);
}

function checkDefinitions(schema: JsonObject, path: MfjsPath): MfjsProblem | undefined {
  if (!('$defs' in schema)) return undefined;
  const at = [...path, '$defs'];
  const definitions = schema['$defs'];
  if (!isObject(definitions)) return problem(at, '$defs must be an object');
  if (Object.hasOwn(definitions, '')) return problem(at, '$defs property name cannot be empty');
  const slashed = findSlash(definitions);
  return slashed === undefined
    ? undefined
    : problem(at, `$defs property name '${slashed}' cannot contain '/' character`);
}

/** No key anywhere under `$defs` may hold a slash, not even a property's name: pointers are cut at it. */
function findSlash(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(findSlash).find((name) => name !== undefined);
  if (!isObject(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = key.includes('/') ? key : findSlash(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* children(schema: JsonObject): Generator<readonly [MfjsPath, unknown]> {
  const { $defs, properties, items, additionalProperties, anyOf } = schema;
  if (isObject($defs)) for (const [name, child] of Object.entries($defs)) yield [['$defs', name], child];
  if (isObject(properties)) for (const [name, child] of Object.entries(properties)) yield [['properties', name], child];
  yield [['items'], items];
  yield [['additionalProperties'], additionalProperties];
  if (Array.isArray(anyOf)) for (const [index, child] of anyOf.entries()) yield [[`anyOf{${index}}`], child];
}

/** Before anything recursive runs: plain nesting far beyond the limit. */
function isTooDeep(root: JsonObject): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX.depth * 4) return true;
    level = level.flatMap((value) => (isObject(value) || Array.isArray(value) ? Object.values(value) : []));
  }
  return false;
}
