import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { configInvalid, type Path, type Problem } from './problem.ts';
import { isTree, type Locate, type Tree } from './settings-tree.ts';

export interface YamlFile {
  readonly root: Tree;
  readonly locate: Locate;
  readonly warnings: readonly string[];
}

/** Names whose value is text even where it looks like a number: `user_agent_version: 1.0` is not 1. */
const TEXT_KEYS = new Set([
  'user_agent_version',
  'key',
  'token',
  'refresh_token',
  'api_key',
  'name',
  'account',
  'model',
]);

/** Reads a YAML text. `name` is what messages call the file. */
export function parseYamlFile(text: string, name: string): YamlFile {
  const lines = new LineCounter();
  // Without pretty errors: they quote the line at fault, and that line may hold a key.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const problems: Problem[] = document.errors.map((error) => ({
    where: at(error.pos[0]),
    path: [],
    message: `${syntaxAdvice(error.code, error.message)}`,
  }));
  if (problems.length > 0) throw configInvalid(problems);
  const value = toValue(document, name);
  if (value !== null && value !== undefined && !isTree(value)) {
    throw configInvalid([
      { where: `${name}:1:1`, path: [], message: 'must be a map of settings, such as `listen: 8000`' },
    ]);
  }
  const root = isTree(value) ? withoutNulls(value) : {};
  restoreTexts(document, root, []);
  const locate: Locate = (path) => {
    const offset = offsetOf(document, path);
    return offset === undefined ? name : at(offset);
  };
  const warnings = document.warnings.map((warning) => `${at(warning.pos[0])}  ${warning.message}`);
  return { root, locate, warnings };
}

function toValue(document: Document.Parsed, name: string): unknown {
  try {
    // The limit stops a small file from unfolding into gigabytes through aliases of aliases.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw configInvalid(
      [{ where: name, path: [], message: 'has an alias that leads nowhere, or too many of them' }],
      error,
    );
  }
}

function syntaxAdvice(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands here for the second time; keep one of them';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML wants spaces';
  return `is not valid YAML: ${message}`;
}

/** `key:` with nothing behind it says nothing. */
function withoutNulls(tree: Tree): Tree {
  const entries = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, clean(value)]));
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  return isTree(value) ? withoutNulls(value) : value;
}

function restoreTexts(document: Document.Parsed, node: unknown, path: Path): void {
  if (Array.isArray(node)) {
    for (const [index, child] of node.entries()) restoreTexts(document, child, [...path, index]);
  } else if (isTree(node)) {
    for (const [key, child] of Object.entries(node)) {
      const scalar = TEXT_KEYS.has(key) && typeof child === 'number' ? document.getIn([...path, key], true) : undefined;
      if (isScalar(scalar)) node[key] = scalar.source ?? String(child);
      else restoreTexts(document, child, [...path, key]);
    }
  }
}

/** Where the key at the path begins; the nearest enclosing one where the file does not have it. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: Node | undefined;
    let start: number | undefined;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
      next = isNode(pair?.value) ? pair.value : undefined;
    } else if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part];
      next = isNode(item) ? item : undefined;
      start = next?.range?.[0];
    }
    if (start === undefined) return offset;
    offset = start;
    node = next;
  }
  return offset;
}
