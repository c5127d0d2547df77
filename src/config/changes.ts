import { configKeys } from './key-list.ts';
import { formatPath, type Path } from './problem.ts';
import type { Config } from './schema.ts';
import { Secret } from './secret.ts';

export interface Changes {
  /** Paths of the settings that differ, such as `log.level` or `surfaces.kimi-code.credentials`. */
  readonly changed: readonly string[];
  /** Those of them that take effect only after a restart. */
  readonly restart: readonly string[];
}

export function configChanges(before: Config, after: Config): Changes {
  const changed = differences(before, after, []);
  const needing = configKeys()
    .filter(({ restart }) => restart)
    .map(({ path }) => path.join('.'));
  return {
    changed,
    restart: changed.filter((path) => needing.some((key) => path === key || path.startsWith(`${key}.`))),
  };
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);

/** Goes into maps; a list is one setting, because its entries have no names. */
function differences(before: unknown, after: unknown, path: Path): readonly string[] {
  if (isPlain(before) && isPlain(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return isSame(before, after) ? [] : [formatPath(path)];
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Secret && right instanceof Secret) return left.equals(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (isPlain(left) && isPlain(right)) return differences(left, right, []).length === 0;
  return Object.is(left, right);
}
