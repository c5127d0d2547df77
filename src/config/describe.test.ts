import { expect, test } from 'vitest';
import { configNotices, describeConfig, missingCredentialsAdvice } from './describe.ts';
import { load } from './fixture.ts';

test('says what was read from where and what can be used', () => {
  const { config, sources } = load(
    'surfaces:\n  kimi-web: { enabled: false }\nkeys: [ { name: laptop, key: inbound-0123456789 } ]',
    {
      env: { KIMI_API_KEY: 'sk-kimi-0123456789abcd', MOONSHOT_API_KEY: 'sk-0123456789wxyz' },
    },
  );
  expect(describeConfig(config, sources)).toEqual([
    'Settings',
    '  surfaces.kimi-web.enabled              from moongate.yaml:2:15',
    '  surfaces.kimi-code.credentials[0].key  from KIMI_API_KEY',
    '  keys[0].name                           from moongate.yaml:3:11',
    '  keys[0].key                            from moongate.yaml:3:25',
    '  undecided[0]                           from MOONSHOT_API_KEY',
    'Surfaces',
    '  kimi-code: 1 credential (kimi-code-1 …abcd) at https://api.kimi.com/coding',
    '  moonshot-cn: no credentials',
    '  moonshot-ai: no credentials',
    '  kimi-web: turned off',
    '  moonshot-cn or moonshot-ai: 1 key (…wxyz), decided at start',
    'Routes',
    '  default: kimi-code → moonshot-cn → moonshot-ai',
    'Clients',
    '  address: 127.0.0.1:8000',
    '  keys: laptop …6789',
    '  admin key: none',
    '  web pages: none',
  ]);
});

test('says how to get a credential where there is none', () => {
  const { config, sources } = load('surfaces: { kimi-code: { enabled: false, credentials: [ { key: sk-kimi-x } ] } }');
  const advice = missingCredentialsAdvice(config)?.en;
  expect(missingCredentialsAdvice(config)?.zh).toMatch(
    /^还没有任何接入面的凭据[\s\S]*\n {2}KIMI_API_KEY {2}Kimi Code 编码订阅：https:\/\/www\.kimi\.com\/code\/console\n/,
  );
  for (const part of [
    'MOONSHOT_API_KEY_CN',
    'https://platform.kimi.com',
    'MOONSHOT_API_KEY_AI',
    'https://platform.kimi.ai',
    'KIMI_API_KEY',
    'https://www.kimi.com/code/console',
    'KIMI_TOKENS',
    '--demo',
    'although it has credentials: kimi-code.',
  ]) {
    expect(advice).toContain(part);
  }
  expect(describeConfig(config, sources).join('\n')).toContain(advice);
  expect(missingCredentialsAdvice(load(undefined, { env: { MOONSHOT_API_KEY: 'sk-a' } }).config)).toBeUndefined();
});

test('what is risky is said once for each surface that is on', () => {
  const env = { KIMI_TOKENS: 'tok', KIMI_API_KEY: 'sk-kimi-a' };
  expect(configNotices(load(undefined).config)).toEqual([]);
  expect(configNotices(load(undefined, { env }).config)).toEqual([
    { en: expect.stringContaining('scripted use'), zh: expect.stringContaining('不允许') },
  ]);
  const { config } = load(undefined, { env: { ...env, KIMI_USER_AGENT_VERSION: '0.77' } });
  expect(configNotices(config)).toEqual([
    { en: expect.stringContaining('forbid'), zh: expect.stringContaining('禁止') },
    { en: expect.stringContaining('scripted use'), zh: expect.stringContaining('不允许') },
  ]);
});
