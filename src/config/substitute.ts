import type { Environment } from './dotenv.ts';
import { didYouMean } from './nearest.ts';
import { formatProblem, type Path, type Problem } from './problem.ts';
import { isTree, type SettingsTree } from './settings-tree.ts';

/** `$${` is a plain `${`; `${NAME}` and `${NAME:-default}` are replaced; any other `${` is a slip. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

export interface Substitution {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Replaces variables in every text of the tree, in place. It works on values, after parsing, so that what a variable
 * holds can never become YAML. A credential whose variable is missing is left out with a warning, so that one file
 * serves machines that have different keys.
 */
export function substituteVariables(tree: SettingsTree, env: Environment): Substitution {
  const problems: Problem[] = [];
  const warnings: string[] = [];

  const replace = (value: string, path: Path): string | undefined => {
    if (!value.includes('${')) return value;
    const missing: string[] = [];
    const where = tree.where(path);
    const result = value.replaceAll(REFERENCE, (whole, name: string | undefined, fallback: string | undefined) => {
      if (whole === '$${') return '${';
      if (name === undefined) {
        problems.push({
          where,
          path,
          message: 'has a dollar sign and brace without a variable name; double the dollar sign for a plain one',
        });
        return '';
      }
      const found = env[name];
      if (found !== undefined && (found !== '' || fallback === undefined)) {
        if (found === '') missing.push(name);
        return found;
      }
      if (fallback === undefined) missing.push(name);
      return fallback ?? '';
    });
    const isBlank = result.replaceAll(/[,\s]/g, '') === '';
    if (isCredential(path)) {
      if (!isBlank) return result;
      const names = missing.length === 0 ? 'it is empty' : `${missing.join(' and ')} is not set`;
      warnings.push(formatProblem({ where, path, message: `${names}, so this credential is left out` }));
      return undefined;
    }
    for (const name of missing.filter((other) => env[other] === undefined)) {
      const near = didYouMean(name, Object.keys(env));
      problems.push({
        where,
        path,
        message: `the variable ${name} is not set; set it, or write \${${name}:-default}.${near}`,
      });
    }
    // Nothing was said, so the default holds; except for inbound keys, where that would open the gateway.
    return isBlank && path[0] !== 'keys' ? undefined : result;
  };

  const visit = (node: unknown, path: Path): unknown => {
    if (typeof node === 'string') return replace(node, path);
    if (Array.isArray(node)) return visitList({ tree, node, path, visit });
    if (!isTree(node)) return node;
    for (const [key, child] of Object.entries(node)) {
      const next = visit(child, [...path, key]);
      if (next === undefined) delete node[key];
      else node[key] = next;
    }
    return node;
  };
  visit(tree.root, []);
  return { problems, warnings };
}

interface ListVisit {
  readonly tree: SettingsTree;
  readonly node: readonly unknown[];
  readonly path: Path;
  readonly visit: (node: unknown, path: Path) => unknown;
}

/** Entries that fall out make those behind them move up, and their places must move along. */
function visitList({ tree, node, path, visit }: ListVisit): unknown[] {
  const places = node.map((_, index) => tree.where([...path, index]));
  const kept: unknown[] = [];
  for (const [index, child] of node.entries()) {
    const had = hasSecret(child);
    const next = visit(child, [...path, index]);
    if (next === undefined || (path.at(-1) === 'credentials' && had && !hasSecret(next))) continue;
    if (kept.length !== index) tree.moved([...path, kept.length], places[index] ?? '');
    kept.push(next);
  }
  return kept;
}

const SECRET_KEYS = ['key', 'token', 'refresh_token'];

const hasSecret = (value: unknown): boolean => isTree(value) && SECRET_KEYS.some((key) => value[key] !== undefined);

function isCredential(path: Path): boolean {
  if (path[0] === 'undecided' || (path.length === 1 && path[0] === 'api_key')) return true;
  return path[0] === 'surfaces' && path[2] === 'credentials' && SECRET_KEYS.includes(String(path[4]));
}
