import { fitSchema, removeImpossible } from './fit-schema.ts';
import { isMfjs } from './is-mfjs.ts';
import { isObject, type JsonObject, shortJson } from './json-value.ts';
import { LIMITS } from './limits.ts';
import { References } from './references.ts';
import { toRootObject } from './root-object.ts';
import { SchemaReader } from './schema-reader.ts';
import { SchemaWriter } from './schema-writer.ts';

export interface CompileOptions {
  /** The parameters of a tool must be an object; a response format may be anything. */
  readonly root: 'object' | 'any';
  /** Bytes of the written schema. Default: the validator's own limit. */
  readonly maxBytes?: number;
}

export interface Compiled {
  /** Within the dialect; the same object if it was before. */
  readonly schema: JsonObject;
  /** Whether it allows more than before, so that strict decoding would promise too much. */
  readonly weakened: boolean;
}

/** Containers in containers; what lies deeper is left out before anything recursive runs. */
const MAX_INPUT_DEPTH = 120;

/**
 * JSON Schema, of any draft, as Moonshot Flavored JSON Schema. Only ever widens: what was valid stays valid, and what the
 * dialect cannot demand is told in the descriptions. Never throws.
 */
export function compileSchema(schema: unknown, { root, maxBytes = LIMITS.bytes }: CompileOptions): Compiled {
  const pruned = prune(schema, 0);
  if (isAccepted(pruned, root) && pruned === schema && sizeOf(pruned) <= maxBytes) {
    return { schema: pruned, weakened: false };
  }
  const { written, weakened } = rewriteOrGiveUp(isObject(pruned) ? pruned : {}, root);
  const fitted = fitSchema(removeImpossible(written), maxBytes);
  const isWeaker = weakened || fitted.weakened || pruned !== schema || typeof schema !== 'object';
  if (isAccepted(fitted.schema, root)) return { schema: fitted.schema, weakened: isWeaker };
  return { schema: lastResort(pruned, root), weakened: true };
}

type Rewritten = ReturnType<typeof rewrite>;

/** A definition that is nothing but itself, by `$ref` beside its own keywords, has no end and no meaning. */
function rewriteOrGiveUp(schema: JsonObject, root: CompileOptions['root']): Rewritten {
  try {
    return rewrite(schema, root);
  } catch (error) {
    if (error instanceof RangeError) return { written: lastResort(schema, root), weakened: true };
    throw error;
  }
}

function isAccepted(schema: unknown, root: CompileOptions['root']): schema is JsonObject {
  if (!isMfjs(schema)) return false;
  return root === 'any' || schema['type'] === 'object' || Object.keys(schema).length === 0;
}

function rewrite(schema: JsonObject, root: CompileOptions['root']): { written: JsonObject; weakened: boolean } {
  const reader = new SchemaReader(new References(schema));
  const read = reader.readRoot(schema);
  const { shape, weakened } = root === 'object' ? toRootObject(read, reader.expand) : { shape: read, weakened: false };
  const isSelfContained = read.alternatives.length === 1 && read.alternatives[0]?.type === 'object';
  const names = nameDefinitions([...reader.definitions.keys()], isSelfContained);
  const definitions = new Map([...reader.definitions, ...(isSelfContained ? [['#', shape] as const] : [])]);
  const writer = new SchemaWriter({ names, definitions });
  const body = writer.write(shape);
  const written = [...reader.definitions].flatMap(([pointer, definition]): [string, JsonObject][] => {
    const name = names.get(pointer) ?? '#';
    return name === '#' || definition === undefined ? [] : [[name, writer.definition(definition)]];
  });
  const wrapped = '$ref' in body ? { anyOf: [body] } : body;
  return {
    written: written.length === 0 ? wrapped : { ...wrapped, $defs: Object.fromEntries(written) },
    weakened: weakened || reader.weakened,
  };
}

/** `#/components/schemas/Pet` and `#/$defs/Pet` are both called Pet, and a second one Pet_2. */
function nameDefinitions(pointers: readonly string[], isSelfContained: boolean): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set(['__proto__']);
  for (const pointer of pointers) {
    if (pointer === '#' && isSelfContained) {
      names.set(pointer, '#');
      continue;
    }
    const last = pointer.split('/').at(-1) ?? '';
    const base = last.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 60) || 'schema';
    let name = base === '_' || pointer === '#' ? 'root' : base;
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
    taken.add(name);
    names.set(pointer, name);
  }
  return names;
}

/** Says in words what could not be said otherwise. Reached only by schemas made to be out of reach. */
function lastResort(schema: unknown, root: CompileOptions['root']): JsonObject {
  const description = `JSON Schema: ${shortJson(schema, 1000)}`;
  return root === 'object'
    ? { type: 'object', description }
    : { type: ['object', 'array', 'string', 'number', 'boolean', 'null'], description };
}

export function sizeOf(schema: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(schema));
}

/** The same value if it is not too deep. */
function prune(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_INPUT_DEPTH) return Array.isArray(value) ? [] : {};
  let changed = false;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => {
    const kept = prune(child, depth + 1);
    if (kept !== child) changed = true;
    return [key, kept];
  });
  if (!changed) return value;
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}
