import { expect, test } from 'vitest';
import { GitIgnore } from './gitignore.ts';

const RULES = [
  '# words',
  '',
  '*.log',
  'made/',
  '/top.ts',
  'a/**/b.js',
  'docs/*.md',
  '!keep.log',
  'x[0-9].js',
  '[z-a]',
].join('\n');

test.each([
  ['deep/a.log', false, true],
  ['keep.log', false, false],
  ['made', true, true],
  ['made', false, undefined],
  ['deep/made', true, true],
  ['top.ts', false, true],
  ['deep/top.ts', false, undefined],
  ['a/b.js', false, true],
  ['a/c/d/b.js', false, true],
  ['docs/a.md', false, true],
  ['docs/deep/a.md', false, undefined],
  ['x1.js', false, true],
  ['xy.js', false, undefined],
] as const)('%s, a folder: %s, is ignored: %s', (path, isFolder, expected) => {
  expect(new GitIgnore(RULES).verdict(path, isFolder)).toBe(expected);
});
