import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { failure, folder, load } from './fixture.ts';
import { checkListen, loadConfig } from './load.ts';
import type { Surface } from './resolve.ts';
import type { Secret } from './secret.ts';

const CODE = 'sk-kimi-0123456789abcdef';
const PLATFORM = 'sk-0123456789abcdefplatform';

test('nothing at all gives the defaults', () => {
  const { config, warnings, file, sources } = load(undefined);
  expect(config.listen).toEqual({ host: '127.0.0.1', port: 8000 });
  expect(config).toMatchObject({
    data: './.moongate',
    strict: false,
    stream_upstream: 'as_asked',
    keys: [],
    undecided: [],
  });
  expect(config.limits).toMatchObject({ body_bytes: 33_554_432, answer_bytes: 67_108_864, event_bytes: 8_388_608 });
  expect(config.timeouts).toEqual({
    connect_ms: 10_000,
    first_byte_ms: 300_000,
    idle_ms: 120_000,
    total_ms: 1_800_000,
    queue_ms: 30_000,
    keep_alive_ms: 15_000,
    body_ms: 60_000,
    stop_ms: 30_000,
  });
  expect(config.retries.attempts).toBe(3);
  expect(config.models.refresh_ms).toBe(3_600_000);
  expect(Object.keys(config.surfaces)).toEqual(['kimi-code', 'moonshot-cn', 'moonshot-ai', 'kimi-web']);
  expect(config.routes.default).toEqual(['kimi-code', 'moonshot-cn', 'moonshot-ai', 'kimi-web']);
  expect([warnings, file, sources.size]).toEqual([[], undefined, 0]);
});

test('the types say what is always there', () => {
  const { config } = load('routes: { fast: [ kimi-code ] }\nkeys: [ { key: one } ]');
  expectTypeOf(config.routes.default).toEqualTypeOf<readonly string[]>();
  expectTypeOf(config.routes['fast']).toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf(config.surfaces['kimi-code']).toEqualTypeOf<Surface | undefined>();
  expectTypeOf(config.keys).items.toHaveProperty('name').toEqualTypeOf<string>();
  expectTypeOf(config.undecided).items.toEqualTypeOf<Secret>();
  expect(config.routes['fast']).toEqual(['kimi-code']);
});

test('every surface knows its address', () => {
  const { surfaces } = load('surfaces: { kimi-code: { region: global } }').config;
  expect(Object.values(surfaces).map(({ base_url }) => base_url)).toEqual([
    'https://api.kimi.ai/coding',
    'https://api.moonshot.cn/v1',
    'https://api.moonshot.ai/v1',
    'https://www.kimi.com',
  ]);
});

test('the sources win in the documented order, and are remembered', () => {
  const yaml = 'log:\n  level: debug\n  format: json\ndata: ./file\ntimeouts: { idle_ms: 30s }\n';
  const { config, sources } = load(yaml, {
    env: { MOONGATE_LOG_LEVEL: 'warn', MOONGATE_DATA: './env', MOONGATE_TIMEOUTS_IDLE_MS: '45s' },
    flags: { data: './flag', listen: undefined },
  });
  expect(config.log).toEqual({ level: 'warn', format: 'json' });
  expect([config.data, config.timeouts.idle_ms]).toEqual(['./flag', 45_000]);
  expect(Object.fromEntries(sources)).toEqual({
    'log.level': 'MOONGATE_LOG_LEVEL',
    'log.format': 'moongate.yaml:3:3',
    data: '--data',
    'timeouts.idle_ms': 'MOONGATE_TIMEOUTS_IDLE_MS',
  });
});

test('a surface takes over the general waits and may set its own', () => {
  const { config } = load('timeouts: { idle_ms: 1m }\nsurfaces: { kimi-web: { timeouts: { total_ms: 2m } } }');
  expect(config.surfaces['kimi-web']?.timeouts).toMatchObject({
    idle_ms: 60_000,
    total_ms: 120_000,
    connect_ms: 10_000,
  });
});

describe('files', () => {
  test('a named file that is missing is an error, a missing default one is not', () => {
    expect(failure(() => load(undefined, { file: 'nope.yaml' }))).toContain('--config  there is no file nope.yaml');
    expect(failure(() => load(undefined, { env: { MOONGATE_CONFIG: 'nope.yaml' } }))).toContain('MOONGATE_CONFIG');
  });

  test('.env is read from the working directory and beside the file; what is set already wins', () => {
    const cwd = folder({
      '.env': 'MOONGATE_DATA=here\nMOONGATE_LOG_LEVEL=warn\nMOONGATE_CONFIG=etc/gate.yaml\nMOONGATE_STRICT=true',
      'etc/gate.yaml': 'log: { format: json }',
      'etc/.env': 'MOONGATE_LOG_LEVEL=debug\nMOONGATE_STRICT=1',
    });
    const { config, sources, watched } = loadConfig({ cwd, env: { MOONGATE_STRICT: 'no' } });
    expect(config).toMatchObject({ data: 'here', strict: false, log: { level: 'debug', format: 'json' } });
    expect(sources.get('log.level')).toBe(`MOONGATE_LOG_LEVEL in ${join('etc', '.env')}`);
    expect(watched).toEqual([join(cwd, 'etc/gate.yaml'), join(cwd, '.env'), join(cwd, 'etc/.env')]);
  });

  test('an empty file is a configuration too', () => {
    expect(load('').config.listen.port).toBe(8000);
    expect(load('# nothing\nsurfaces:\n').config.keys).toEqual([]);
  });
});

describe('problems', () => {
  test('all of them are listed with line, path and advice', () => {
    const yaml =
      'lisen: 8000\nlog:\n  levle: debug\ntimeouts:\n  idle_ms: soon\nsurfaces:\n  kimi-code:\n    face: claude\nlimits: 5\n';
    expect(failure(() => load(yaml, { env: { MOONGATE_RETRIES_ATTEMPTS: 'many' } })).split('\n')).toEqual([
      'The configuration has 6 problems:',
      '  MOONGATE_RETRIES_ATTEMPTS  retries.attempts  must be a whole number from 1 to 20',
      '  moongate.yaml:1:1  lisen  is not a key of moongate. Did you mean "listen"?',
      '  moongate.yaml:3:3  log.levle  is not a key of moongate. Did you mean "level"?',
      '  moongate.yaml:5:3  timeouts.idle_ms  must be a duration such as 30s, 5m or 1h (a plain number is milliseconds), above zero, at most 24 days',
      '  moongate.yaml:8:5  surfaces.kimi-code.face  must be one of: auto, openai, anthropic',
      '  moongate.yaml:9:1  limits  must be a map of settings',
    ]);
  });

  test.each([
    ['a: [', /moongate\.yaml:1:\d+ {2}is not valid YAML/],
    ['listen: 1\nlisten: 2', /moongate\.yaml:2:1 {2}this key stands here for the second time/],
    ['- 1', /must be a map of settings/],
    ['surfaces: { "a b": {} }', /must be letters, digits/],
    [
      'surfaces: { openruter: { base_url: "https://x.example/v1" } }',
      /surfaces\.openruter {2}is not a well-known surface/,
    ],
    ['surfaces: { kimi_code: {} }', /Did you mean "kimi-code"/],
    ['surfaces: { or: { type: compatible } }', /surfaces\.or {2}needs a `base_url`/],
    ['surfaces: { kimi-code: { type: compatible } }', /is always kimi-code/],
    ['surfaces: { moonshot-cn: { region: global } }', /use moonshot-ai/],
    ['surfaces: { kimi-code: { base_url: "ftp://x" } }', /must begin with https/],
    ['surfaces: { kimi-code: { base_url: "https://me:pw@x.example" } }', /must not hold a user or password/],
    ['surfaces: { kimi-code: { credentials: [ { name: a } ] } }', /credentials\[0\] {2}has no `key` and no `token`/],
    ['surfaces: { kimi-code: { headers: { Host: x } } }', /set by the gateway itself/],
    [
      'routes: { default: [ kimi-cod ] }',
      /routes\.default\[0\] {2}there is no surface "kimi-cod"\. Did you mean "kimi-code"/,
    ],
    ['aliases: { a: b, b: a }', /leads back to itself \(a → b → a\)/],
    ['aliases: { mine: kimi-k33 }', /names no model that is known: kimi-k33\. Did you mean "kimi-k3"\?/],
    ['aliases: { "gpt *": kimi-k3 }', /is a pattern/],
    ['model_tiers: { opus: kimi-3k }', /model_tiers\.opus {2}names no model.*moonshot-cn\/kimi-3k/],
    ['model_tiers: { gpt: kimi-k3 }', /gpt/],
    ['allowed_origins: [ "*" ]', /must not hold a wildcard: any web page/],
    ['allowed_origins: [ "http://localhost:3000/" ]', /must be an exact origin/],
    ['allowed_origins: [ "https://a.example:443" ]', /written as browsers send it: https:\/\/a\.example/],
    ['keys: [ { name: a } ]', /keys\[0\]\.key {2}is missing/],
    ['keys: [ { name: a, key: one }, { name: a, key: two } ]', /"a" is used twice/],
    ['keys: [ { key: one, route: fast } ]', /there is no route "fast"/],
    ['limits: { body_bytes: huge }', /must be a size/],
  ])('%s', (yaml, message) => expect(failure(() => load(yaml))).toMatch(message));

  test('a broken line is not quoted: it may hold a key', () => {
    expect(failure(() => load(`keys: [ { key: "${CODE}`))).not.toContain('0123456789');
  });

  test('a file that is not UTF-8 is named', () => {
    expect(failure(() => load(undefined, { file: '.' }))).toContain('cannot be read (EISDIR)');
  });
});

describe('listening where others can reach it', () => {
  const listening = (loaded: ReturnType<typeof load>, issued: boolean | undefined) =>
    failure(() => checkListen(loaded, issued));

  test('is refused without keys', () => {
    expect(listening(load('listen: 0.0.0.0:8000'), false)).toMatch(
      /moongate\.yaml:1:1 {2}listen {2}0\.0\.0\.0:8000 can be reached/,
    );
    expect(listening(load(undefined, { flags: { listen: '[::]:80' } }), false)).toContain('--listen  listen  [::]:80');
  });

  test('is allowed with those of the configuration, and with issued ones', () => {
    const loaded = load('listen: 0.0.0.0', { env: { MOONGATE_KEYS: 'laptop=secret-one, secret-two' } });
    expect(loaded.config.keys.map(({ name, key }) => [name, key.reveal()])).toEqual([
      ['laptop', 'secret-one'],
      ['key-2', 'secret-two'],
    ]);
    checkListen(loaded, false);
    checkListen(load('listen: 0.0.0.0'), true);
    expect(listening(load('listen: 0.0.0.0'), undefined)).toContain('the database cannot be reached');
  });
});

test('the addresses of database and coordination are checked, and the password in them is not told', () => {
  const wrong = { MOONGATE_DATABASE: 'mysql://me:hidden-4711@host/db', MOONGATE_COORDINATION: 'host:6379' };
  const loading = () => load(undefined, { env: wrong });
  expect(loading).toThrow('MOONGATE_DATABASE  database  must be an address that begins with postgres://');
  expect(loading).toThrow('MOONGATE_COORDINATION  coordination  must be an address that begins with redis://');
  expect(loading).not.toThrow('hidden-4711');
  const right = { MOONGATE_DATABASE: 'postgresql://host/db', MOONGATE_COORDINATION: 'rediss://:secret@host:6380/1' };
  expect(load(undefined, { env: right }).config.coordination?.reveal()).toBe('rediss://:secret@host:6380/1');
});

test('no way of printing a configuration shows a secret', () => {
  const { config } = load(
    `surfaces:
  kimi-code: { credentials: [ { key: ${CODE}, headers: { x-extra: hidden-0123456789 } } ], headers: { x-proxy: hidden-0123456789 } }
  kimi-web: { credentials: [ { token: tok-0123456789, refresh_token: ref-0123456789 } ] }
keys: [ { key: inbound-0123456789 } ]
admin_key: admin-0123456789
database: postgres://user:0123456789@host/db
coordination: redis://:0123456789@host
`,
    { env: { MOONSHOT_API_KEY: PLATFORM } },
  );
  const shown = [
    JSON.stringify(config),
    inspect(config, { depth: 20, showHidden: true }),
    format('%o %O %j', config, config, config),
    inspect(structuredClone(config), { depth: 20 }),
    JSON.stringify(Object.entries(config)),
    `${config.database} ${config.admin_key}`,
  ].join('\n');
  expect(shown).not.toContain('0123456789');
  expect(config.database?.reveal()).toBe('postgres://user:0123456789@host/db');
});
