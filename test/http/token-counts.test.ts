import { expect, test } from 'vitest';
import { post, type Rig, startRig } from '../setup.ts';

const PATH = '/v1/tokenizers/estimate-token-count';
const WORDS = 'The quick brown fox jumps over the lazy dog. ';

async function count(rig: Rig, body: Record<string, unknown>) {
  const response = await fetch(`${rig.url}${PATH}`, post(body));
  const { data } = (await response.json()) as { data?: { total_tokens: number } };
  return { status: response.status, by: response.headers.get('x-moongate-counted-by'), tokens: data?.total_tokens };
}

const ask = (content: unknown, model = 'kimi-k2.6') => ({ model, messages: [{ role: 'user', content }] });

test('the platform counts for its own models', async () => {
  await using rig = await startRig();
  // The simulator's own count: 4 characters a token, 4 a message, 3 a request.
  expect(await count(rig, ask('x'.repeat(400)))).toEqual({ status: 200, by: 'surface', tokens: 107 });
  const [call] = rig.simulator.calls.filter(({ path }) => path.endsWith('/estimate-token-count'));
  expect(call?.body).toEqual(ask('x'.repeat(400)));
});

test('it gets messages that it takes, and no more', async () => {
  await using rig = await startRig();
  const body = { ...ask('hi'), temperature: 0, tools: [], messages: [{ role: 'developer', content: 'hi' }] };
  expect(await count(rig, body)).toMatchObject({ status: 200, by: 'surface' });
});

test('what cannot be counted there is estimated here', async () => {
  await using rig = await startRig();
  rig.simulator.fail({ fault: 'overload' });
  const estimated = await count(rig, ask(WORDS.repeat(100)));
  expect(estimated).toMatchObject({ status: 200, by: 'gateway' });
  // 1,001 by the vendor's vocabulary, and the marks around the message.
  expect(estimated.tokens).toBeGreaterThan(900);
  expect(estimated.tokens).toBeLessThan(1_150);
});

test('a request that nobody could serve is told so', async () => {
  await using rig = await startRig();
  expect((await count(rig, ask('hi', 'no-such-model'))).status).toBe(404);
  expect((await count(rig, { model: 'kimi-k2.6' })).status).toBe(400);
});

test('estimates follow what answers report', async () => {
  await using rig = await startRig();
  const said = `sim: usage 3000 5\nsim: say ok\n${WORDS.repeat(100)}`;
  const body = { ...ask(said), max_tokens: 2_048 };
  const tokens = async () => {
    const response = await rig.get('/v1/messages/count_tokens', post(body));
    return ((await response.json()) as { input_tokens: number }).input_tokens;
  };
  const before = await tokens();
  expect(before).toBeLessThan(1_200);
  for (let turn = 0; turn < 3; turn++) await (await rig.chat(body)).text();
  const after = await tokens();
  expect(after).toBeGreaterThan(1.7 * before);
  expect(after).toBeLessThanOrEqual(2 * before + 500);
});
