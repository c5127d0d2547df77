import type { z } from 'zod';
import { validKeysAt } from './key-list.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { Path, Problem } from './problem.ts';
import type { SettingsTree } from './settings-tree.ts';

/** What zod found, in the words of the one who wrote the configuration. Values are never quoted: one may be a key. */
export function toProblems(tree: SettingsTree, issues: readonly z.core.$ZodIssue[]): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(tree, path, key));
    return [{ where: tree.where(path), path, message: toMessage(tree, path, issue) }];
  });
}

function unknownKey(tree: SettingsTree, parent: Path, key: string): Problem {
  const path = [...parent, key];
  const valid = validKeysAt(parent);
  const advice = nearest(key, valid) === undefined ? ` Valid here: ${valid.join(', ')}.` : didYouMean(key, valid);
  return { where: tree.where(path), path, message: `is not a key of moongate.${advice}` };
}

const EXPECTED: Readonly<Record<string, string>> = {
  object: 'a map of settings',
  record: 'a map of settings',
  array: 'a list',
  string: 'text',
};

function toMessage(tree: SettingsTree, path: Path, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  const isShape = issue.code === 'invalid_type' || issue.code === 'invalid_union';
  if (isShape && tree.get(path) === undefined) return 'is missing';
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
}
