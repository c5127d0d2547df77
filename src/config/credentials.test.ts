// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the configuration are written like this
import { describe, expect, test } from 'vitest';
import { failure, load } from './fixture.ts';
import type { Config } from './schema.ts';

const CODE = 'sk-kimi-0123456789abcdef';
const PLATFORM = 'sk-0123456789abcdefplatform';

const keysOf = (config: Config, id: string) => config.surfaces[id]?.credentials.map(({ secret }) => secret.reveal());

describe('the well-known variables', () => {
  test('each fills its surface; several keys, spaces, quotes and doubles are forgiven', () => {
    const { config } = load(undefined, {
      env: {
        MOONSHOT_API_KEY_CN: ` "sk-one" , sk-two,,sk-one，sk-three\r\n`,
        MOONSHOT_API_KEY_AI: `'sk-four'`,
        KIMICODE_API_KEY: `Bearer ${CODE}`,
        KIMI_TOKENS: '"token_1,token_2,token_3"',
      },
    });
    expect(keysOf(config, 'moonshot-cn')).toEqual(['sk-one', 'sk-two', 'sk-three']);
    expect(keysOf(config, 'moonshot-ai')).toEqual(['sk-four']);
    expect(keysOf(config, 'kimi-code')).toEqual([CODE]);
    expect(keysOf(config, 'kimi-web')).toEqual(['token_1', 'token_2', 'token_3']);
    expect(config.surfaces['moonshot-cn']?.credentials.map(({ name }) => name)).toEqual([
      'moonshot-cn-1',
      'moonshot-cn-2',
      'moonshot-cn-3',
    ]);
  });

  test('KIMI_API_KEY counts before KIMICODE_API_KEY, unless it is empty', () => {
    const KIMICODE_API_KEY = 'sk-kimi-second';
    expect(keysOf(load(undefined, { env: { KIMI_API_KEY: CODE, KIMICODE_API_KEY } }).config, 'kimi-code')).toEqual([
      CODE,
    ]);
    expect(keysOf(load(undefined, { env: { KIMI_API_KEY: ' ', KIMICODE_API_KEY } }).config, 'kimi-code')).toEqual([
      KIMICODE_API_KEY,
    ]);
  });

  test('MOONSHOT_API_KEY is undecided until something decides it', () => {
    const env = { MOONSHOT_API_KEY: PLATFORM };
    const open = load(undefined, { env }).config;
    expect(open.undecided.map((secret) => secret.reveal())).toEqual([PLATFORM]);
    expect(keysOf(open, 'moonshot-cn')).toEqual([]);
    const region = load(undefined, { env: { ...env, MOONGATE_MOONSHOT_REGION: 'ai' } }).config;
    expect([region.undecided, keysOf(region, 'moonshot-ai')]).toEqual([[], [PLATFORM]]);
    const placed = load('surfaces: { moonshot-cn: { credentials: [ { key: "${MOONSHOT_API_KEY}" } ] } }', {
      env,
    }).config;
    expect([placed.undecided, keysOf(placed, 'moonshot-cn')]).toEqual([[], [PLATFORM]]);
    expect(failure(() => load(undefined, { env: { ...env, MOONGATE_MOONSHOT_REGION: 'eu' } }))).toContain('must be cn');
  });

  test('they join what the file says', () => {
    const { config } = load('surfaces: { kimi-code: { credentials: [ { key: sk-kimi-file, name: mine } ] } }', {
      env: { KIMI_API_KEY: `${CODE},sk-kimi-file` },
    });
    expect(config.surfaces['kimi-code']?.credentials.map(({ name, secret }) => [name, secret.reveal()])).toEqual([
      ['mine', 'sk-kimi-file'],
      ['kimi-code-2', CODE],
    ]);
  });

  test('base addresses and the agent version', () => {
    const { surfaces } = load('surfaces: { kimi-code: { user_agent_version: 1.0 } }', {
      env: {
        MOONGATE_MOONSHOT_CN_BASE_URL: 'http://127.0.0.1:9000/',
        MOONGATE_MOONSHOT_AI_BASE_URL: 'http://127.0.0.1:9000/ai/',
        MOONGATE_KIMI_CODE_BASE_URL: 'http://127.0.0.1:9001/coding/v1/',
        MOONGATE_KIMI_WEB_BASE_URL: 'http://127.0.0.1:9002',
        KIMI_USER_AGENT_VERSION: '1.6',
      },
    }).config;
    expect(Object.values(surfaces).map(({ base_url }) => base_url)).toEqual([
      'http://127.0.0.1:9001/coding',
      'http://127.0.0.1:9000/v1',
      'http://127.0.0.1:9000/ai',
      'http://127.0.0.1:9002',
    ]);
    expect(surfaces['kimi-web']?.auth_url).toBe('http://127.0.0.1:9002');
    expect(surfaces['kimi-code']?.user_agent_version).toBe('1.6');
    expect(
      load('surfaces: { kimi-code: { user_agent_version: 1.0 } }').config.surfaces['kimi-code']?.user_agent_version,
    ).toBe('1.0');
    const named = (version: string) => load(undefined, { env: { KIMI_USER_AGENT_VERSION: version } }).config;
    expect(named('default').surfaces['kimi-code']?.user_agent_version).toBe('0.77');
    expect(() => named('1.6\r\nx-evil: 1')).toThrow(/must be a version such as 1\.6/);
  });

  test('an unknown one gives a warning with the nearest name, an empty one counts as not set', () => {
    const { warnings, config } = load(undefined, {
      env: { MOONGATE_LISTN: '1', MOONGATE_LISTEN: '', MOONGATE_ROUTES_DEFAULT: 'kimi-web, kimi-code' },
    });
    expect(warnings).toEqual(['MOONGATE_LISTN  is no variable of moongate. Did you mean "MOONGATE_LISTEN"?']);
    expect(config.routes.default).toEqual(['kimi-web', 'kimi-code']);
  });

  test('lists and maps are written with commas', () => {
    const env = {
      MOONGATE_ALLOWED_ORIGINS: 'http://a.example, http://b.example',
      MOONGATE_ALIASES: 'k25=kimi-k2.6, kimi = k3',
    };
    const { config } = load(undefined, { env });
    expect(config.allowed_origins).toEqual(['http://a.example', 'http://b.example']);
    expect(config.aliases).toEqual({ k25: 'kimi-k2.6', kimi: 'k3' });
  });
});

test.each([
  [{ MOONSHOT_API_KEY: CODE }, /^ {2}MOONSHOT_API_KEY {2}.*put it into KIMI_API_KEY/m],
  [{ MOONSHOT_API_KEY_AI: CODE }, /^ {2}MOONSHOT_API_KEY_AI {2}.*put it into KIMI_API_KEY/m],
  [{ KIMI_API_KEY: PLATFORM }, /^ {2}KIMI_API_KEY {2}.*put it into MOONSHOT_API_KEY/m],
  [{ KIMI_TOKENS: PLATFORM }, /^ {2}KIMI_TOKENS {2}.*not a token of the web chat/m],
  [{ KIMI_API_KEY: 'sk-kimi-012\n3456789' }, /KIMI_API_KEY {2}.*line break inside/],
  [{ KIMI_API_KEY: 'sk-kimi-"0123456789' }, /KIMI_API_KEY {2}.*quotation mark inside/],
  [{ KIMI_API_KEY: 'sk-kimi-0123 456789' }, /KIMI_API_KEY {2}.*space inside/],
  [{ KIMI_API_KEY: 'sk-kimi-01234–56789' }, /KIMI_API_KEY {2}.*character that no key has/],
])('a key in the wrong place or shape is named without being shown: %#', (env, message) => {
  const said = failure(() => load(undefined, { env }));
  expect(said).toMatch(message);
  expect(said).not.toContain('3456789');
});

describe('variables in the file', () => {
  test('are replaced after parsing, with defaults and an escape', () => {
    const yaml =
      'data: "${WHERE}/x"\nlog: { level: "${LEVEL:-warn}" }\nmodels: { default: "$${b}" }\nretries: { attempts: "${N}" }\n';
    const { config } = load(yaml, { env: { WHERE: 'a: b\nlisten: 0.0.0.0', N: '5' } });
    expect(config.data).toBe('a: b\nlisten: 0.0.0.0/x');
    expect([config.log.level, config.models.default, config.retries.attempts]).toEqual(['warn', '${b}', 5]);
    expect(load('database: "${DB:-}"').config.database).toBeUndefined();
  });

  test('that are missing are named with their place', () => {
    const said = failure(() => load('log:\n  level: "${LEVL}"\ndata: "${oops"\n', { env: { LEVEL: 'info' } }));
    expect(said).toContain(
      'moongate.yaml:2:3  log.level  the variable LEVL is not set; set it, or write ${LEVL:-default}. Did you mean "LEVEL"?',
    );
    expect(said).toContain('moongate.yaml:3:1  data  has a dollar sign and brace');
    expect(failure(() => load('keys: [ { key: "${MINE}" } ]'))).toContain('MINE is not set');
  });

  test('a credential whose variable is missing is left out with a warning', () => {
    const yaml = `surfaces:
  kimi-code:
    credentials:
      - { key: "\${FIRST}", name: first }
      - { key: "\${SECOND}", name: second }
      - { key: "\${THIRD:-}", name: third }
      - { key: "sk-wrong-0123456789", name: fourth }
`;
    const { config, warnings } = load(yaml.replace('sk-wrong', 'sk-kimi'), { env: { SECOND: CODE, FIRST: '' } });
    expect(config.surfaces['kimi-code']?.credentials.map(({ name }) => name)).toEqual(['second', 'fourth']);
    expect(warnings).toEqual([
      'moongate.yaml:4:11  surfaces.kimi-code.credentials[0].key  FIRST is not set, so this credential is left out',
      'moongate.yaml:6:11  surfaces.kimi-code.credentials[2].key  it is empty, so this credential is left out',
    ]);
    expect(failure(() => load(yaml, { env: { SECOND: CODE } }))).toContain(
      'moongate.yaml:7:9  surfaces.kimi-code.credentials[1]',
    );
  });

  test('a renewal token that is missing leaves the token', () => {
    const { config } = load('surfaces: { kimi-web: { credentials: [ { token: tok, refresh_token: "${R}" } ] } }');
    expect(config.surfaces['kimi-web']?.credentials).toMatchObject([{ name: 'kimi-web-1' }]);
    expect(config.surfaces['kimi-web']?.credentials[0]?.refresh_token).toBeUndefined();
  });
});

describe('tokens of the web chat', () => {
  const claims = (region: string) =>
    `eyJ.${Buffer.from(JSON.stringify({ typ: 'access', region })).toString('base64url')}.x`;
  const web = (key: string, more = '') =>
    load(`surfaces: { kimi-web: { credentials: [ { key: ${JSON.stringify(key)}${more} } ] } }`).config;

  test.each([
    ['a cookie', 'theme=dark; kimi-auth=token-of-the-web; date=Mon, 01 Jan', ['token-of-the-web']],
    ['a whole header', 'Cookie: kimi-auth=token-of-the-web', ['token-of-the-web']],
    ['the parts of a token', '["first","second","third"]', ['first.second.third']],
    ['several, one of them a cookie', 'token_1, a=1; kimi-auth=token_2', ['token_1', 'token_2']],
  ])('%s is taken for what it holds', (_, pasted, tokens) => {
    expect(keysOf(load(undefined, { env: { KIMI_TOKENS: pasted } }).config, 'kimi-web')).toEqual(tokens);
    expect(keysOf(web(pasted), 'kimi-web')).toEqual(tokens);
  });

  test.each([
    ['a cookie without the token', () => web('theme=dark; other=1'), /Cookie header without `kimi-auth`/],
    ['an overseas account at the mainland host', () => web(claims('REGION_OVERSEA')), /lives at https:\/\/www.kimi.ai/],
    [
      'the other way round',
      () => load(`surfaces: { kimi-web: { region: global, credentials: [ { key: "${claims('REGION_CN')}" } ] } }`),
      /lives at https:\/\/www.kimi.com/,
    ],
    ['an API key', () => web(PLATFORM), /not a token of the web chat; put it into MOONSHOT_API_KEY/],
    ['an API key as refresh token', () => web('token-one', `, refresh_token: ${CODE}`), /put it into KIMI_API_KEY/],
    ['a version where nobody knows one', () => web('token-one', ', user_agent_version: "1.6"'), /only kimi-code knows/],
  ])('%s is refused at start, and not shown', (_, action, expected) => {
    const message = failure(action);
    expect(message).toMatch(expected);
    expect(message).not.toMatch(new RegExp(`${PLATFORM}|${CODE}|eyJ\\.`));
  });
});
