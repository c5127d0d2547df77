import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Folder } from './moongate.ts';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');

/** Tells at the end which files were loaded. */
const WITNESS = `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => { if (url.startsWith('file:')) loaded.push(url); return next(url, context); } });
process.on('exit', () => process.stderr.write(JSON.stringify(loaded)));
`;

function filesOf(...args: readonly string[]): readonly string[] {
  using folder = new Folder();
  const witness = join(folder.path, 'witness.mjs');
  writeFileSync(witness, WITNESS);
  const { status, stderr } = spawnSync(process.execPath, ['--import', witness, CLI, ...args], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return (JSON.parse(stderr) as string[]).map((url) => fileURLToPath(url));
}

const packagesOf = (files: readonly string[]) => [
  ...new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])),
];

/** The help is there within 100 ms (CHANGELOG.md has the figure) as long as it loads as little as this. */
test.each([[['--help']], [['--help', '--lang', 'zh']], [[]]])(
  'moongate %j loads commander, and little of our own',
  (args) => {
    const files = filesOf(...args);
    expect(packagesOf(files)).toEqual(['commander']);
    const own = files.filter((file) => file.includes('/dist/'));
    const bytes = own.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(own.length, own.join('\n')).toBeLessThanOrEqual(12);
    expect(bytes, own.join('\n')).toBeLessThan(120_000);
  },
);

test('--version loads nothing but the program', () => {
  expect(packagesOf(filesOf('--version'))).toEqual([]);
});

test('the help of a command loads what that command needs, and neither a gateway nor a database', () => {
  const packages = packagesOf(filesOf('models', '--help'));
  expect(packages).not.toEqual(expect.arrayContaining(['undici']));
  expect(packages).not.toEqual(expect.arrayContaining(['kysely']));
});
