import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, fixed } from '../../src/cli/migrate/analyse.ts';
import { CHECKS } from '../../src/cli/migrate/checks/index.ts';
import { languageOf, SourceFile } from '../../src/cli/migrate/syntax/source-file.ts';

const FIXTURE = join(import.meta.dirname, 'fixture');
const SETTINGS = { checks: CHECKS, baseUrl: 'http://127.0.0.1:8000/v1' };

const files = readdirSync(FIXTURE, { recursive: true, withFileTypes: true }).flatMap((entry) => {
  const path = join(entry.parentPath, entry.name);
  const language = entry.isFile() ? languageOf(entry.name) : undefined;
  return language ? [new SourceFile(relative(FIXTURE, path), readFileSync(path, 'utf8'), language)] : [];
});

const cut = fc.record({
  file: fc.constantFrom(...files),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(40),
  put: fc.constantFrom('', '{', ')', "'", '`', '\n', '    ', ',', '...', ' = ', '#', '//'),
});

/** A file while somebody is writing it: a piece is missing, or something half is there. */
test('damaged code is read without failing, and what can be fixed is fixed once', () => {
  fc.assert(
    fc.property(cut, ({ file, from, length, put }) => {
      const at = Math.floor(from * file.text.length);
      const text = file.text.slice(0, at) + put + file.text.slice(at + length);
      const damaged = new SourceFile(file.path, text, file.language);
      for (const { start, end } of analyse(damaged, SETTINGS)) {
        expect(start.line).toBeLessThanOrEqual(end.line);
        expect(start.column).toBeGreaterThan(0);
      }
      const once = fixed(damaged, SETTINGS);
      expect(fixed(new SourceFile(file.path, once, file.language), SETTINGS)).toBe(once);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('line ends of Windows are kept by a rewrite', () => {
  const file = files.find(({ path }) => path === 'js/app.mjs');
  if (file === undefined) throw new Error('no fixture');
  const windows = new SourceFile(file.path, file.text.replaceAll('\n', '\r\n'), file.language);
  expect(fixed(windows, SETTINGS).replaceAll('\r\n', '\n')).toBe(fixed(file, SETTINGS));
});

test('deep nesting and long chains do not stop a run', () => {
  const deep = `import OpenAI from 'openai';\nconst a = ${'['.repeat(3_000)}${']'.repeat(3_000)};\nconst b = x${'.y'.repeat(3_000)};`;
  const long = `import OpenAI from 'openai';\nconst s = ${Array.from({ length: 5_000 }, () => "'a'").join(' + ')};`;
  for (const text of [deep, long]) {
    expect(analyse(new SourceFile('a.ts', text, 'typescript'), SETTINGS)).toEqual([]);
  }
});
