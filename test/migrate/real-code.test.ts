import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { analyse, fixed } from '../../src/cli/migrate/analyse.ts';
import { CHECKS } from '../../src/cli/migrate/checks/index.ts';
import { languageOf, SourceFile } from '../../src/cli/migrate/syntax/source-file.ts';

/** Code that others wrote and published: the packages which this repository installs for its tests. */

const MODULES = resolve(import.meta.dirname, '../../node_modules');
const SETTINGS = { checks: CHECKS, baseUrl: 'http://127.0.0.1:8000/v1' };
const LARGEST = 60_000;

function* filesOf(name: string): Generator<SourceFile> {
  for (const entry of readdirSync(join(MODULES, name), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const language = entry.isFile() && !entry.name.endsWith('.d.ts') ? languageOf(entry.name) : undefined;
    if (language === undefined || relative(join(MODULES, name), path).includes('node_modules')) continue;
    const text = readFileSync(path, 'utf8');
    if (text.length <= LARGEST) yield new SourceFile(relative(MODULES, path), text, language);
  }
}

/** With the only checks that find something there; each finding was looked at. */
test.each([
  ['@langchain/openai', ['base-url', 'missing-endpoint']],
  ['@ai-sdk/openai', ['base-url']],
  ['commander', []],
  ['marked', []],
])('%s is read whole, what is found is %j, and a rewrite is rewritten no further', (name, kinds) => {
  let files = 0;
  const found = new Set<string>();
  for (const file of filesOf(name)) {
    files++;
    for (const { check } of analyse(file, SETTINGS)) found.add(check.id);
    const once = fixed(file, SETTINGS);
    const again = new SourceFile(file.path, once, file.language);
    expect(fixed(again, SETTINGS)).toBe(once);
    if (once !== file.text) expect(analyse(again, SETTINGS).filter(({ edits }) => edits !== undefined)).toEqual([]);
  }
  expect(files).toBeGreaterThan(0);
  expect([...found].sort()).toEqual(kinds);
});
