import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, load } from './fixture.ts';
import { configKeys, settableVariables } from './key-list.ts';
import { loadConfig } from './load.ts';
import { renderConfigReference } from './reference.ts';
import { EXAMPLES } from './reference-text.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const KEYS = { ANA_KEY: 'ana-key', CI_KEY: 'ci-key', EDGE_KEY: 'edge-key' };

test('the page in the repository is the one that the schema gives', () => {
  expect(read('docs/configuration.md')).toBe(renderConfigReference());
});

test('every key has a meaning, except maps that only hold others', () => {
  const silent = configKeys().filter(({ kind, description }) => kind !== undefined && description === '');
  expect(silent.map(({ path }) => path.join('.'))).toEqual([]);
});

test.each(EXAMPLES)('the example "$title" loads', ({ yaml }) => {
  const { warnings } = load(yaml, { env: KEYS });
  expect(warnings.filter((warning) => !warning.includes('so this credential is left out'))).toEqual([]);
});

test('an example that opens the gateway to the network does not come with a key that everybody knows', () => {
  for (const { yaml } of EXAMPLES.filter((example) => example.yaml.includes('0.0.0.0'))) {
    expect(() => load(yaml)).toThrow('is not set');
  }
});

test('the example files load as they are', () => {
  const cwd = folder({ '.env': read('.env.example'), 'moongate.yaml': read('moongate.example.yaml') });
  const { config, warnings } = loadConfig({ cwd, env: {} });
  expect(config.routes.default).toEqual(['kimi-code', 'moonshot-cn', 'moonshot-ai', 'openrouter']);
  expect(warnings.every((warning) => warning.includes('so this credential is left out'))).toBe(true);
});

test('what the example files leave commented out is valid as well', () => {
  const yaml = read('moongate.example.yaml').replaceAll(/^# ((?:keys|allowed_origins|timeouts|log):| {2})/gm, '$1');
  const { config } = load(yaml, { env: { MY_CLIENT_KEY: 'mine' } });
  expect([config.keys.length, config.allowed_origins.length]).toEqual([1, 1]);
});

test('every variable sets its key', () => {
  const samples: Readonly<Record<string, string>> = {
    address: '9000',
    duration: '7s',
    size: '7MiB',
    count: '7',
    number: '1',
    flag: 'on',
    text: 'kimi-k3',
    url: 'http://127.0.0.1:1/x',
    secret: 'sample',
    list: 'a.example',
    pairs: 'a=kimi-k3',
    keys: 'a=b',
  };
  const choiceKeys = configKeys().filter(({ kind }) => kind === 'choice');
  const choices = new Map(choiceKeys.map(({ path, choices: values }) => [path.slice(-1).join(), values.at(-1)]));
  for (const [name, { path, kind }] of settableVariables()) {
    const key = path.at(-1) ?? '';
    // These are bound to what else is configured or to a form of their own; the tests of loading have them.
    const own = ['type', 'region', 'allowed_origins', 'database', 'coordination', 'user_agent_version'];
    if (own.includes(key) || path[0] === 'routes') continue;
    const value = kind === 'choice' ? choices.get(key) : samples[kind];
    const { sources, warnings } = load(undefined, { env: { [name]: value } });
    expect(sources.size).toBe(kind === 'keys' ? 2 : 1);
    expect([...sources.values()].every((where) => where === name)).toBe(true);
    expect(warnings).toEqual([]);
  }
});
