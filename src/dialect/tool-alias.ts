import { createHash } from 'node:crypto';

/** Platform openapi.json (K2.6 copy): 3 to 64 characters. */
const VALID = /^[a-zA-Z_][a-zA-Z0-9\-_]{2,63}$/;
const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

export function isValidToolName(name: string): boolean {
  return VALID.test(name);
}

/**
 * A name that Kimi takes, made from the name alone so that it is the same in each turn and in any order of the tools:
 * what is readable of it, and a hash that keeps `a.b` and `a/b` apart. `salt` gives further names for the same one.
 */
export function aliasOf(name: string, salt = ''): string {
  const hash = createHash('sha256').update(`${name}\0${salt}`).digest('hex').slice(0, HASH_LENGTH);
  const readable = name.replaceAll(/[^a-zA-Z0-9\-_]+/g, '_').replace(/^[_-]+|[_-]+$/g, '');
  const started = /^[a-zA-Z]/.test(readable) ? readable : `tool_${readable}`.replace(/_$/, '');
  return `${started.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

/** The names of one request, both ways. */
export class ToolAliases {
  readonly #taken: Set<string>;
  readonly #aliases = new Map<string, string>();
  readonly #originals = new Map<string, string>();

  /** `taken`: the valid names that are in use. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  get all(): readonly string[] {
    return [...this.#originals.keys()];
  }

  /** The name to send; the same one if it is valid. */
  toKimi(name: string): string {
    return isValidToolName(name) ? name : this.another(name, '');
  }

  /** A name for one more tool that is called like another one. */
  another(name: string, salt: string): string {
    const key = `${name}\0${salt}`;
    const known = this.#aliases.get(key);
    if (known !== undefined) return known;
    let alias = aliasOf(name, salt);
    for (let count = 1; this.#taken.has(alias); count++) alias = aliasOf(name, `${salt}#${count}`);
    this.#taken.add(alias);
    this.#aliases.set(key, alias);
    this.#originals.set(alias, name);
    return alias;
  }

  /** The client's name; the same one if it is its own. */
  toClient(name: string): string {
    return this.#originals.get(name) ?? name;
  }
}
