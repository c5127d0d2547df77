import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODE_FLAGS } from '../src/cli/collector.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))
  .sort();
const sources = files.filter((file) => !file.endsWith('.test.ts'));
const read = (file: string) => readFileSync(join(SRC, file), 'utf8');

/** What every layer may import. */
const ANYWHERE: readonly string[] = ['linked-list', 'round', 'signal'];

/** What each layer may import besides itself; ARCHITECTURE.md has the same table. Files at the top are layers of one. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'error-row': [],
  'surface-errors': ['error-row'],
  'conversation-errors': ['error-row'],
  errors: ['error-row', 'surface-errors', 'conversation-errors'],
  'linked-list': [],
  round: [],
  signal: [],
  'coarse-timers': [],
  clock: ['coarse-timers'],
  version: [],
  credential: [],
  'log-pretty': [],
  'log-lines': [],
  'log-tail': [],
  log: ['log-lines', 'log-pretty', 'log-tail'],
  atlas: ['errors'],
  tokens: [],
  vault: ['errors'],
  stream: ['errors', 'clock'],
  chat: ['errors'],
  models: ['errors'],
  config: ['errors', 'clock', 'tokens', 'models'],
  storage: ['errors', 'clock', 'log'],
  coordination: ['clock', 'log'],
  state: ['clock', 'log', 'config', 'storage', 'coordination'],
  ledger: ['errors', 'clock', 'log', 'models', 'storage'],
  keys: ['errors', 'clock', 'log', 'stream', 'chat', 'models', 'config', 'storage', 'coordination'],
  dialect: ['errors', 'clock', 'chat', 'models'],
  credentials: ['errors', 'atlas', 'clock', 'credential', 'coordination'],
  upstreams: ['errors', 'atlas', 'clock', 'version', 'credential', 'tokens', 'stream', 'chat', 'models'],
  protocols: ['errors', 'stream', 'chat'],
  responses: ['errors', 'clock', 'stream', 'chat', 'storage'],
  media: ['errors', 'clock', 'version', 'stream', 'chat', 'upstreams'],
  files: [
    'errors',
    'clock',
    'log',
    'signal',
    'storage',
    'credential',
    'stream',
    'chat',
    'models',
    'credentials',
    'upstreams',
  ],
  pipeline: [
    'errors',
    'atlas',
    'clock',
    'credential',
    'stream',
    'chat',
    'models',
    'dialect',
    'credentials',
    'upstreams',
    'media',
    'files',
  ],
  conversations: [
    'errors',
    'clock',
    'log',
    'credential',
    'stream',
    'chat',
    'models',
    'credentials',
    'upstreams',
    'pipeline',
    'storage',
    'coordination',
  ],
  runtime: [
    'errors',
    'atlas',
    'clock',
    'log',
    'credential',
    'stream',
    'chat',
    'models',
    'config',
    'dialect',
    'credentials',
    'upstreams',
    'media',
    'state',
    'ledger',
    'keys',
    'storage',
    'files',
    'vault',
    'pipeline',
  ],
  server: [
    'errors',
    'atlas',
    'clock',
    'log',
    'log-tail',
    'version',
    'stream',
    'chat',
    'models',
    'config',
    'dialect',
    'files',
    'pipeline',
    'runtime',
    'protocols',
    'responses',
    'conversations',
    'state',
    'ledger',
    'keys',
  ],
  gateway: [
    'clock',
    'config',
    'conversations',
    'keys',
    'ledger',
    'log',
    'log-tail',
    'responses',
    'runtime',
    'server',
    'state',
  ],
  index: ['config', 'errors', 'gateway', 'log', 'runtime', 'version'],
  simulator: [],
  cli: [
    'errors',
    'atlas',
    'tokens',
    'clock',
    'credential',
    'log',
    'log-tail',
    'log-pretty',
    'version',
    'tokens',
    'upstreams',
    'stream',
    'chat',
    'models',
    'config',
    'dialect',
    'pipeline',
    'protocols',
    'upstreams',
    'runtime',
    'server',
    'gateway',
    'index',
    'simulator',
    'storage',
    'state',
    'ledger',
    'keys',
  ],
};

const layerOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, ''));

function importsOf(file: string): string[] {
  const text = read(file);
  const fixed = text.matchAll(/(?:^|\n)(?:import|export)\b[^;'"]*?\bfrom '([^']+)';/g);
  const lazy = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [...fixed, ...lazy].map(([, path]) => path ?? '');
}

const inside = (file: string) =>
  importsOf(file)
    .filter((path) => path.startsWith('.'))
    .map((path) => relative(SRC, resolve(SRC, dirname(file), path)));

describe('layers', () => {
  test.each(sources)('%s imports only what lies below it', (file) => {
    const layer = layerOf(file);
    const allowed = LAYERS[layer];
    expect(allowed, `the layer ${layer} is not in the table`).toBeDefined();
    const mayImport = new Set([layer, ...(layer === 'simulator' ? [] : ANYWHERE), ...(allowed ?? [])]);
    const wrong = inside(file).filter((path) => !mayImport.has(layerOf(path)));
    expect(wrong).toEqual([]);
  });

  test('the simulator shares nothing with the gateway and needs only Node', () => {
    const foreign = sources
      .filter((file) => layerOf(file) === 'simulator')
      .flatMap((file) => importsOf(file).filter((path) => !path.startsWith('.') && !path.startsWith('node:')));
    expect(foreign).toEqual([]);
  });

  test('ARCHITECTURE.md shows every layer', () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    for (const layer of Object.keys(LAYERS)) expect(text, `no row for ${layer}`).toContain(`\`${layer}\``);
  });
});

/** Longer files and functions, each with its reason. The list may only shrink. */
const LONG_FILES: Readonly<Record<string, string>> = {};
const FILE_LIMIT = 250;

describe('sizes', () => {
  test.each(sources)(`%s has at most ${FILE_LIMIT} lines`, (file) => {
    if (file in LONG_FILES) return;
    expect(read(file).split('\n').length - 1).toBeLessThanOrEqual(FILE_LIMIT);
  });

  test('the exceptions are still needed', () => {
    for (const file of Object.keys(LONG_FILES)) expect(read(file).split('\n').length - 1).toBeGreaterThan(FILE_LIMIT);
  });
});

describe('one home for each thing', () => {
  const without = (layer: string) => sources.filter((file) => layerOf(file) !== layer);

  test('the environment is read in one place', () => {
    expect(sources.filter((file) => read(file).includes('process.env'))).toEqual(['config/load.ts']);
  });

  test('server-sent events are cut in one place and written in one place', () => {
    const writers = without('simulator').filter((file) => /['"`]data: /.test(read(file)));
    expect(writers).toEqual(['stream/sse-writer.ts']);
    const readers = without('simulator').filter((file) => /startsWith\('data/.test(read(file)));
    expect(readers).toEqual(['stream/sse-reader.ts']);
  });

  test('node:http is served in one place and called by nobody', () => {
    const uses = /import \{[^}]*\} from 'node:https?'|getBuiltinModule\('node:https?'\)/;
    expect(without('simulator').filter((file) => uses.test(read(file)))).toEqual(['server/node.ts']);
  });

  test('what takes long to load is loaded where it is used', () => {
    const heavy = /(?:^|\n)import (?!type\b)[^;]*? from '(?:kysely|pg|@redis\/client)';/;
    expect(sources.filter((file) => heavy.test(read(file)))).toEqual([
      'coordination/redis/redis-connection.ts',
      'storage/migrate.ts',
      'storage/open-engine.ts',
      'storage/postgres/open-postgres.ts',
      'storage/sqlite/open-sqlite.ts',
      'storage/sqlite/sqlite-dialect.ts',
    ]);
  });

  test('no grab-bags, no default exports', () => {
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)\.ts$/.test(file))).toEqual([]);
    expect(sources.filter((file) => /^export default/m.test(read(file)))).toEqual([]);
  });

  test('tests lie beside what they test', () => {
    const lonely = files.filter(
      (file) =>
        file.endsWith('.test.ts') &&
        !files.some((other) => dirname(other) === dirname(file) && !other.endsWith('.test.ts')),
    );
    expect(lonely).toEqual([]);
  });
});

describe('dependencies', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    scripts: Record<string, string>;
    dependencies: Record<string, string>;
  };

  test('`npm start` gives Node the flags that a service file gives it', () => {
    expect(manifest.scripts['start']).toBe(`node ${NODE_FLAGS.join(' ')} dist/cli.js serve`);
  });

  test('each has its line in ARCHITECTURE.md', () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    for (const name of Object.keys(manifest.dependencies)) expect(text).toContain(`| \`${name}\``);
  });

  test('what the source imports is declared, and nothing else', () => {
    const used = new Set(
      sources
        .filter((file) => layerOf(file) !== 'simulator' && !file.endsWith('fixture.ts'))
        .flatMap((file) => importsOf(file).filter((path) => !path.startsWith('.') && !path.startsWith('node:')))
        // A part of a package is its package's: `highlight.js/lib/common`.
        .map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path),
    );
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test('the version is the package’s', () => {
    expect(read('version.ts')).toContain(`'${manifest.version}'`);
  });
});
