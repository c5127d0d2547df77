import { expect, test } from 'vitest';
import { startPoolRig } from './pool-rig.ts';

const CODE = 'sk-kimi-large';
const models = (name: string) => ({ models: { 'kimi-k2.6': name } });

test('a request beyond two MiB goes to a surface that takes it, without being sent to the one that does not', async () => {
  await using rig = await startPoolRig(
    [
      { keys: [CODE, `${CODE}-2`], host: 'code' },
      { keys: 'sk-large', host: 'cn' },
    ],
    (base, { codeBaseUrl }) => ({
      routes: { default: ['kimi-code', 'moonshot-cn'] },
      surfaces: {
        'kimi-code': {
          base_url: codeBaseUrl,
          credentials: [{ key: CODE }, { key: `${CODE}-2` }],
          models: { 'kimi-k3': 'k3' },
        },
        'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-large' }] },
      },
    }),
  );
  const large = 'x'.repeat(2_200_000);
  const answer = await rig.ask(large, 'kimi-k3');
  expect([answer.status, answer.headers.get('x-moongate-surface')]).toEqual([200, 'moonshot-cn']);
  expect(answer.headers.get('x-moongate-fallback')).toMatch(/^kimi-code .*: upstream_too_large$/);
  expect(rig.simulator.calls.filter(({ path, method }) => path.startsWith('/coding') && method === 'POST')).toEqual([]);
  // It says nothing about the credential.
  const code = rig
    .pool()
    .view()
    .find(({ surface }) => surface === 'kimi-code');
  expect(code?.credentials.map(({ failed, rest }) => [failed, rest])).toEqual([
    [0, undefined],
    [0, undefined],
  ]);
});

test('a surface that does not know the path is passed over', async () => {
  await using rig = await startPoolRig([{ keys: 'sk-a', host: 'cn' }], (base) => ({
    routes: { default: ['wrong', 'moonshot-cn'] },
    surfaces: {
      wrong: {
        type: 'compatible',
        base_url: `${base}/nowhere`,
        credentials: [{ key: 'sk-a' }],
        ...models('kimi-k2.6'),
      },
      'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a' }] },
    },
  }));
  const answer = await rig.ask('hi');
  expect([answer.status, answer.headers.get('x-moongate-fallback')]).toEqual([
    200,
    expect.stringMatching(/^wrong .*: upstream_missing$/),
  ]);
});

test('the calls that a demand takes count against the account’s requests a minute', async () => {
  await using rig = await startPoolRig([{ keys: 'sk-a', host: 'cn', limits: { rpm: 2 } }], (base) => ({
    timeouts: { queue_ms: '2m' },
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a', limits: { rpm: 2 } }] } },
  }));
  const body = JSON.stringify({
    model: 'kimi-k2.7-code',
    messages: [{ role: 'user', content: 'sim: say no tool' }],
    tool_choice: 'required',
    tools: [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } }],
  });
  const headers = { 'content-type': 'application/json' };
  const asking = rig.gateway.fetch('http://moongate/v1/chat/completions', { method: 'POST', headers, body });
  await rig.pass(3_000, 500);
  expect(rig.platform().accounts[0]?.used.rpm).toBe(2);
  await rig.pass(3 * 60_000, 1_000);
  const response = await asking;
  expect(response.status).toBe(200);
  expect(response.headers.get('x-moongate-asked-again')).toMatch(/calls=[2-9]/);
  expect(rig.refusals()).toEqual([]);
});

test('a name that the vendor does not let in is not tried with every key, but with one that calls under another', async () => {
  const keys = [1, 2, 3, 4].map((number) => `sk-kimi-name-${number}`);
  await using rig = await startPoolRig([{ keys, host: 'code' }], (_, { codeBaseUrl }) => ({
    surfaces: {
      'kimi-code': {
        base_url: codeBaseUrl,
        face: 'openai',
        credentials: keys.map((key, index) => ({ key, ...(index === 3 ? { user_agent_version: '1.6' } : {}) })),
      },
    },
  }));
  const answer = await rig.ask('sim: say hi', 'kimi-for-coding');
  expect(answer.status).toBe(200);
  const names = rig.simulator.calls
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers['user-agent']?.split('/')[0]);
  expect(names).toEqual(['moongate', 'KimiCLI']);
  // It says nothing about the credentials.
  expect((await rig.gateway.credentials.list()).map(({ state }) => state)).toEqual(keys.map(() => 'ready'));
});
