import { formatPath, type Path } from './problem.ts';

export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tells where in a file a setting stands; undefined where the file says nothing of it. */
export type Locate = (path: Path) => string | undefined;

/** The settings of all sources laid over each other, and for each one where it was said. */
export class SettingsTree {
  readonly root: Tree;
  readonly #locate: Locate;
  readonly #origins = new Map<string, string>();

  constructor(root: Tree = {}, locate: Locate = () => undefined) {
    this.root = root;
    this.#locate = locate;
  }

  get(path: Path): unknown {
    return valueAt(this.root, path);
  }

  /** Lays a value over what is there. A place that holds something unfit stays as it is: the schema will complain. */
  set(path: Path, value: unknown, where: string): void {
    let node: unknown = this.root;
    for (const part of path.slice(0, -1)) {
      if (!isTree(node) || typeof part === 'number') return;
      node[part] ??= {};
      node = node[part];
    }
    const last = path.at(-1);
    if (!isTree(node) || typeof last !== 'string') return;
    node[last] = value;
    this.#origins.set(JSON.stringify(path), where);
  }

  /** Adds an entry to a list, which begins if there is none. */
  append(path: Path, value: unknown, where: string): void {
    const list = this.get(path);
    if (list !== undefined && !Array.isArray(list)) return;
    const entries: readonly unknown[] = list ?? [];
    // Not `set`: the entries before this one keep their own origins.
    const parent = this.get(path.slice(0, -1));
    if (parent === undefined) this.set(path.slice(0, -1), {}, where);
    const holder = this.get(path.slice(0, -1));
    const last = path.at(-1);
    if (!isTree(holder) || typeof last !== 'string') return;
    holder[last] = [...entries, value];
    this.#origins.set(JSON.stringify([...path, entries.length]), where);
  }

  /** Says where an entry stands that has moved since the file was read. */
  moved(path: Path, where: string): void {
    this.#origins.set(JSON.stringify(path), where);
  }

  /** The place to name when the setting is wrong: the nearest one that is known. */
  where(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const origin = this.#origins.get(JSON.stringify(path.slice(0, length)));
      if (origin !== undefined) return origin;
    }
    return this.#locate(path) ?? '';
  }

  /** Every value that some source has set, with the place. */
  sources(): ReadonlyMap<string, string> {
    const result = new Map<string, string>();
    const visit = (node: unknown, path: Path): void => {
      if (isTree(node)) for (const [key, child] of Object.entries(node)) visit(child, [...path, key]);
      else if (Array.isArray(node) && this.#isNamedByEntry(node, path)) {
        for (const [index, child] of node.entries()) visit(child, [...path, index]);
      } else result.set(formatPath(path), this.where(path));
    };
    visit(this.root, []);
    return result;
  }

  /** A list of names is one setting; a list whose entries have members or places of their own is several. */
  #isNamedByEntry(list: readonly unknown[], path: Path): boolean {
    return list.some((entry, index) => isTree(entry) || this.#origins.has(JSON.stringify([...path, index])));
  }
}

function valueAt(root: unknown, path: Path): unknown {
  let node = root;
  for (const part of path) {
    if (Array.isArray(node) && typeof part === 'number') node = node[part];
    else if (isTree(node) && Object.hasOwn(node, part)) node = node[part];
    else return undefined;
  }
  return node;
}
