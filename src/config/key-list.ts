import { z } from 'zod';
import { KINDS, type Kind } from './fields.ts';
import type { Path } from './problem.ts';
import { settingsSchema } from './schema.ts';
import { KNOWN_SURFACES } from './surface-kinds.ts';

/** One key as the schema declares it. In a path, `*` stands for any name of a map and `[]` for any entry of a list. */
export interface ConfigKey {
  readonly path: readonly string[];
  readonly kind: Kind | undefined;
  readonly description: string;
  /** As it would be written in YAML; undefined where the key has no default. */
  readonly fallback: unknown;
  readonly choices: readonly string[];
  /** Takes effect only after a restart. */
  readonly restart: boolean;
}

/** A variable of the environment, and the key that it sets. */
export interface Settable {
  readonly path: readonly string[];
  readonly kind: Kind;
}

type Node = z.core.JSONSchema.BaseSchema;

export const ENV_PREFIX = 'MOONGATE_';

let root: Node | undefined;

/** The schema as JSON Schema: a public form that can be walked, unlike zod's own objects. */
export function settingsJsonSchema(): Node {
  root ??= z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  return root;
}

export function configKeys(): readonly ConfigKey[] {
  return walk(settingsJsonSchema(), []);
}

function walk(node: Node, path: readonly string[]): readonly ConfigKey[] {
  const children: ConfigKey[] = [];
  for (const [name, child] of Object.entries(node.properties ?? {}))
    children.push(...walkChild(child, [...path, name]));
  if (typeof node.additionalProperties === 'object')
    children.push(...walkChild(node.additionalProperties, [...path, '*']));
  if (isNode(node.items) && node.items.properties !== undefined) children.push(...walk(node.items, [...path, '[]']));
  if (path.length === 0) return children;
  const kind = toKind(node['kind']);
  // A map of texts is one key to its reader, and needs no line for "any name".
  return kind === 'pairs' ? [toKey(node, path, kind)] : [toKey(node, path, kind), ...children];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const walkChild = (child: unknown, path: readonly string[]) => (isNode(child) ? walk(child, path) : []);
const toKind = (value: unknown): Kind | undefined =>
  typeof value === 'string' && value in KINDS ? (value as Kind) : undefined;

function toKey(node: Node, path: readonly string[], kind: Kind | undefined): ConfigKey {
  return {
    path,
    kind,
    description: node.description ?? '',
    fallback: node.default,
    choices: (node.enum ?? []).map(String),
    restart: node['restart'] === true,
  };
}

/** The key names that are valid inside the given place; empty where any name is. */
export function validKeysAt(path: Path): readonly string[] {
  let node: unknown = settingsJsonSchema();
  for (const part of path) {
    if (!isNode(node)) return [];
    node = typeof part === 'number' ? node.items : (node.properties?.[part] ?? node.additionalProperties);
  }
  return isNode(node) ? Object.keys(node.properties ?? {}) : [];
}

const toVariable = (parts: readonly string[]) => ENV_PREFIX + parts.join('_').toUpperCase().replaceAll(/[-.]/g, '_');

/** Every variable that sets a key. The well-known surfaces drop the word SURFACES: MOONGATE_KIMI_CODE_BASE_URL. */
export function settableVariables(): ReadonlyMap<string, Settable> {
  const result = new Map<string, Settable>();
  for (const { path, kind } of configKeys()) {
    if (kind === undefined || path.includes('[]') || path[0] === 'undecided') continue;
    if (path[0] === 'surfaces') {
      const rest = path.slice(2);
      for (const { id } of KNOWN_SURFACES)
        result.set(toVariable([id, ...rest]), { path: ['surfaces', id, ...rest], kind });
    } else if (path[0] === 'routes') {
      result.set(toVariable(['routes', 'default']), { path: ['routes', 'default'], kind });
    } else {
      result.set(toVariable(path), { path, kind });
    }
  }
  return result;
}
