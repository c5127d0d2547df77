import { expect, test } from 'vitest';
import { configNotices } from '../../src/config/index.ts';
import { AI_KEY, CN_KEY, startRig } from '../setup.ts';

const CODE_KEY = 'sk-kimi-rig-0123456789abcdef';
const hi = (model: string) => ({ model, messages: [{ role: 'user', content: 'sim: say hi' }] });

test('the web chat is off until a token is there, and says what its owner should know', async () => {
  await using rig = await startRig();
  expect([...rig.gateway.runtime.surfaces.keys()].filter((id) => rig.gateway.runtime.pool.has(id))).not.toContain(
    'kimi-web',
  );
  expect(JSON.stringify(configNotices(rig.gateway.runtime.config))).not.toContain('agreement');
  const { config } = rig.load({
    surfaces: { 'kimi-web': { base_url: rig.simulator.webBaseUrl, credentials: [{ key: 'sim-web-refresh-owner' }] } },
  });
  expect(JSON.stringify(configNotices(config))).toMatch(/agreement.*official API/s);
  expect(config.surfaces['kimi-web']?.concurrency).toBe(2);
});

test('the chain reaches the fallback under its own model name, and header and log say why', async () => {
  await using rig = await startRig({
    config: ({ cnBaseUrl, aiBaseUrl }) => ({
      retries: { attempts: 1 },
      surfaces: {
        'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }] },
        openrouter: {
          ...{ type: 'compatible', base_url: aiBaseUrl, credentials: [{ key: AI_KEY }] },
          models: { 'kimi-k2.6': 'kimi-k2.7-code' },
        },
      },
      routes: { default: ['moonshot-cn', 'openrouter'] },
    }),
  });
  rig.simulator.fail({
    fault: 'overload',
    match: ({ path }) => path.startsWith('/cn/') && path.endsWith('completions'),
  });
  const answer = await rig.chat(hi('kimi-k2.6'));
  expect([answer.status, answer.headers.get('x-moongate-surface')]).toEqual([200, 'openrouter']);
  expect(answer.headers.get('x-moongate-fallback')).toMatch(/^moonshot-cn .*: overloaded$/);
  expect(rig.simulator.calls.at(-1)?.body).toMatchObject({ model: 'kimi-k2.7-code' });
  await expect
    .poll(() => rig.logs.some((line) => line.includes('"openrouter"') && line.includes('overloaded')))
    .toBe(true);
});

test('the earlier names of Kimi Code’s models still answer', async () => {
  await using rig = await startRig({
    simulator: { accounts: [{ keys: CODE_KEY, host: 'code' }] },
    config: ({ codeBaseUrl }) => ({
      surfaces: { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: CODE_KEY }] } },
    }),
    secrets: [CODE_KEY],
  });
  for (const name of ['k2p5', 'k2p6', 'k2p7', 'kimi-code']) {
    const answer = await rig.chat(hi(name));
    expect([name, answer.status]).toEqual([name, 200]);
    expect(answer.headers.get('x-moongate-model')).toMatch(/^kimi-for-coding; asked="/);
  }
  expect((await rig.chat(hi('k3[1m]'))).headers.get('x-moongate-model')).toMatch(/^k3; /);
});

test('a refused key of one account system is not tried at the other', async () => {
  await using rig = await startRig({
    config: ({ cnBaseUrl, aiBaseUrl }) => ({
      surfaces: {
        'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: 'sk-unknown-to-both-0123456789' }] },
        'moonshot-ai': platformOf(aiBaseUrl),
      },
    }),
    secrets: ['sk-unknown-to-both-0123456789'],
  });
  expect((await rig.chat(hi('kimi-k2.6'))).headers.get('x-moongate-surface')).toBe('moonshot-ai');
  const crossed = rig.simulator.calls.filter(
    ({ path, headers }) => path.startsWith('/ai/') && String(headers.authorization).includes('unknown'),
  );
  expect(crossed).toEqual([]);
});

const platformOf = (base_url: string) => ({ base_url, credentials: [{ key: AI_KEY }] });
