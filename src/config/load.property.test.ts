import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { folder } from './fixture.ts';
import { configKeys } from './key-list.ts';
import { loadConfig } from './load.ts';
import { parseYamlFile } from './yaml-file.ts';

const names = [
  ...new Set(configKeys().flatMap(({ path }) => path)),
  'kimi-code',
  'default',
  '__proto__',
  'constructor',
];
const small = ['provider', 'model', 'base_url', 'api_key', 'temperature'];
const key = fc.constantFrom(...names, ...small);
const word = fc.oneof(
  fc.string(),
  fc.constantFrom('$'.concat('{X}'), 'constructor', '8000', 'http://x', 'kimi-code', '5m', 'sk-kimi-a'),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.double()),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
}));

const cwd = () => folder({});

function isAnswered(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'config_invalid') return true;
    throw error;
  }
}

test('whatever the settings are, they are accepted or refused with a list of problems', () => {
  const here = cwd();
  const settings = fc.dictionary(key, tree, { maxKeys: 5 });
  const load = (written: unknown) => {
    writeFileSync(join(here, 'moongate.yaml'), JSON.stringify(written));
    return loadConfig({ cwd: here, env: {} });
  };
  fc.assert(
    fc.property(settings, (written) => isAnswered(() => load(written))),
    { numRuns: 500 },
  );
});

test('whatever a file holds, it is a tree or a list of problems', () => {
  fc.assert(
    fc.property(fc.string(), (text) => isAnswered(() => parseYamlFile(text, 'moongate.yaml'))),
    { numRuns: 500 },
  );
  expect(() => parseYamlFile('a: &a [x]\nb: *c', 'f')).toThrow('alias');
});

test('whatever a variable holds, it is accepted or refused with a list of problems', () => {
  const here = cwd();
  const variable = fc.constantFrom(
    'MOONGATE_LISTEN',
    'MOONGATE_KEYS',
    'KIMI_API_KEY',
    'MOONSHOT_API_KEY',
    'MOONGATE_STRICT',
  );
  const env = fc.dictionary(fc.oneof(variable, fc.string()), word, { maxKeys: 4 });
  fc.assert(
    fc.property(env, (values) => isAnswered(() => loadConfig({ cwd: here, env: values }))),
    { numRuns: 500 },
  );
});
