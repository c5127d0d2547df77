import { readFileSync } from 'node:fs';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import { expect, test } from 'vitest';
import { COVERAGE } from '../scripts/demands/index.ts';
import { renderCoverage } from '../scripts/render-coverage.ts';

const ROWS = COVERAGE.flatMap(({ title, rows }) => rows.map((row) => ({ section: title, ...row })));
const typescript = parser.configure({ dialect: 'ts' });

/** The titles of the tests in a file: the first argument of `test(…)`, `test.each(…)(…)` and the like. */
function titlesIn(file: string): Set<string> {
  const code = readFileSync(file, 'utf8');
  const titles = new Set<string>();
  typescript.parse(code).iterate({
    enter({ name, node }) {
      if (name !== 'CallExpression' || calledName(node, code) !== 'test') return;
      const first = node.getChild('ArgList')?.getChild('String');
      if (first) titles.add(textOf(code.slice(first.from, first.to)));
    },
  });
  return titles;
}

const CALLED = new Set(['CallExpression', 'MemberExpression', 'InstantiationExpression']);

/** `test` for `test`, `test.each(…)`, `test.runIf(…)`. */
function calledName(call: SyntaxNode, code: string): string {
  let target: SyntaxNode | null = call.firstChild;
  while (target && CALLED.has(target.name)) target = target.firstChild;
  return target ? code.slice(target.from, target.to) : '';
}

const textOf = (literal: string) => literal.slice(1, -1).replaceAll(/\\(.)/g, '$1');

const files = new Map<string, Set<string>>();
const titlesOf = (file: string) => {
  const titles = files.get(file) ?? titlesIn(file);
  files.set(file, titles);
  return titles;
};

test.each(ROWS)('$section: $demand', ({ tests }) => {
  expect(tests.filter(([file, title]) => !titlesOf(file).has(title))).toEqual([]);
});

test('a title that is not there is noticed', () => {
  expect(titlesOf('test/coverage.test.ts').has('$section: $demand')).toBe(true);
  expect(titlesOf('test/coverage.test.ts').has('a title that nobody gave')).toBe(false);
});

test('the page is made from the list', () => {
  expect(readFileSync('docs/coverage.md', 'utf8')).toBe(renderCoverage());
});
