// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the configuration are written like this
import { expect, test } from 'vitest';
import { failure, load } from './fixture.ts';

/** As the first seed prints it. */
const SEED = `# config.yaml
provider: kimi-coding  # 自定义标识，代码中特殊处理
model: k2p5
base_url: https://api.kimi.com/coding/v1
api_key: sk-kimi-your-key  # 或从环境变量读取
temperature: 0.0
max_tokens: 4096

user_agent_version: "1.6"
`;

test('the small file of the first guide is accepted as it stands', () => {
  const { config, warnings, sources } = load(SEED);
  expect(config.surfaces['kimi-code']).toMatchObject({
    base_url: 'https://api.kimi.com/coding',
    user_agent_version: '1.6',
  });
  expect(config.surfaces['kimi-code']?.credentials[0]?.secret.reveal()).toBe('sk-kimi-your-key');
  expect(config.models.default).toBe('k2p5');
  expect(config.defaults).toEqual({ temperature: 0, max_tokens: 4096 });
  expect(warnings).toEqual([]);
  expect(sources.get('models.default')).toBe('moongate.yaml:3:1');
});

test.each([
  ['{ provider: moonshot, base_url: "https://api.moonshot.cn/v1", api_key: sk-a }', 'moonshot-cn'],
  ['{ base_url: "https://api.moonshot.ai/v1", api_key: sk-a }', 'moonshot-ai'],
  ['{ provider: openai, base_url: "https://openrouter.ai/api/v1", api_key: sk-a }', 'openai'],
  ['{ provider: openrouter, api_key: sk-a }', 'openrouter'],
  ['{ provider: whatever, base_url: "https://api.kimi.ai/coding/v1", api_key: sk-kimi-a }', 'kimi-code'],
  ['{ api_key: sk-kimi-a }', 'kimi-code'],
])('%s is %s', (yaml, id) => {
  const { config } = load(yaml);
  expect(Object.values(config.surfaces).flatMap((surface) => surface.credentials.map(() => surface.id))).toEqual([id]);
});

test('a Moonshot key without an address is undecided', () => {
  expect(load('{ provider: moonshot, api_key: sk-a }').config.undecided).toHaveLength(1);
  expect(load('{ api_key: "${MISSING}", model: k2p5 }').warnings[0]).toContain('MISSING is not set');
});

test('what cannot be placed is named', () => {
  expect(failure(() => load('provider: kimi-codng'))).toMatch(
    /moongate\.yaml:1:1 {2}provider .*Did you mean "kimi-coding"/,
  );
  expect(failure(() => load('base_url: https://x.example/v1'))).toContain('needs a `provider`');
  expect(failure(() => load('provider: kimi-coding\napi_key: sk-platform-key-0123'))).toContain('moongate.yaml:2:1');
});
