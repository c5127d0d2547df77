import { isObject, type JsonObject, member } from './json-value.ts';

/** A chain of references longer than this is taken for a circle. */
const MAX_CHAIN = 50;
/** How deep a document is searched for references, anchors and identifiers. */
const MAX_SEARCH_DEPTH = 120;
/** A definition whose JSON is shorter than this is written out at each place instead of being referred to. */
const TRIVIAL_LENGTH = 120;

export interface Target {
  /** Where the chain of references ends; the same for all ways to write it. */
  readonly pointer: string;
  readonly schema: unknown;
}

/** The references of one document: where they lead, how often, and which of them come back to themselves. */
export class References {
  readonly #root: JsonObject;
  readonly #uses = new Map<string, number>();
  readonly #anchors = new Map<string, string>();
  readonly #recursive = new Map<string, boolean>();

  constructor(root: JsonObject) {
    this.#root = root;
    const found: string[] = [];
    this.#search(root, '#', 0, found);
    for (const reference of found) {
      const target = this.resolve(reference);
      if (target) this.#uses.set(target.pointer, (this.#uses.get(target.pointer) ?? 0) + 1);
    }
  }

  /** Undefined for a reference that leads nowhere or in a circle. */
  resolve(reference: string): Target | undefined {
    let pointer = this.#pointerOf(reference);
    for (let step = 0; pointer !== undefined && step < MAX_CHAIN; step++) {
      const schema = this.#at(pointer);
      if (!isObject(schema)) return typeof schema === 'boolean' ? { pointer, schema } : undefined;
      const next = referenceIn(schema);
      if (next === undefined || Object.keys(schema).length > 1) return { pointer, schema };
      pointer = this.#pointerOf(next);
    }
    return undefined;
  }

  /** Whether the target is better written once under `$defs` than at each place. */
  isShared({ pointer, schema }: Target): boolean {
    if (this.isRecursive(pointer)) return true;
    return (
      (this.#uses.get(pointer) ?? 0) > 1 && JSON.stringify(schema).length >= TRIVIAL_LENGTH && !hasSlashInKeys(schema)
    );
  }

  isRecursive(pointer: string): boolean {
    const known = this.#recursive.get(pointer);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open = this.#targetsBelow(pointer);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.#targetsBelow(next));
    }
    this.#recursive.set(pointer, seen.has(pointer));
    return seen.has(pointer);
  }

  #targetsBelow(pointer: string): string[] {
    const found: string[] = [];
    this.#search(this.#at(pointer), pointer, 0, found);
    return found.flatMap((reference) => this.resolve(reference)?.pointer ?? []);
  }

  /** Collects the references below `value`, and on the way what the document calls its parts. */
  #search(value: unknown, pointer: string, depth: number, found: string[]): void {
    if (typeof value !== 'object' || value === null || depth > MAX_SEARCH_DEPTH) return;
    if (!Array.isArray(value)) {
      const object = value as JsonObject;
      const reference = referenceIn(object);
      if (reference !== undefined) found.push(reference);
      for (const name of ['$anchor', '$dynamicAnchor']) {
        const anchor = member(object, name);
        if (typeof anchor === 'string') this.#anchors.set(`#${anchor}`, pointer);
      }
      const id = member(object, '$id') ?? member(object, 'id');
      if (typeof id === 'string' && id !== '') this.#anchors.set(id, pointer);
    }
    for (const [key, child] of Object.entries(value)) {
      this.#search(child, `${pointer}/${escapeKey(key)}`, depth + 1, found);
    }
  }

  #pointerOf(reference: string): string | undefined {
    const known = this.#anchors.get(reference);
    if (known !== undefined) return known;
    if (reference === '' || reference === '#' || reference === '#/') return '#';
    const hash = reference.indexOf('#');
    if (hash > 0) {
      const base = this.#anchors.get(reference.slice(0, hash));
      return base === undefined ? undefined : `${base}${decode(reference.slice(hash + 1))}`;
    }
    return reference.startsWith('#/') ? decode(reference) : undefined;
  }

  #at(pointer: string): unknown {
    let current: unknown = this.#root;
    for (const part of pointer.split('/').slice(1)) {
      if (typeof current !== 'object' || current === null) return undefined;
      current = member(current as JsonObject, part.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    return current;
  }
}

export function referenceIn(schema: JsonObject): string | undefined {
  for (const name of ['$ref', '$dynamicRef', '$recursiveRef']) {
    const reference = member(schema, name);
    if (typeof reference === 'string') return reference;
  }
  return undefined;
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Kimi cuts pointers at each slash and refuses keys with one anywhere below `$defs`. */
function hasSlashInKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, child]) => (!Array.isArray(value) && key.includes('/')) || hasSlashInKeys(child),
  );
}
