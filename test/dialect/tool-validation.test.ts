import { expect, test } from 'vitest';
import { type Rig, type Settings, startRig } from '../setup.ts';
import { type Answer, ask, callsIn, messageOf, WEATHER } from './proofs/proof.ts';

const RETRY = { headers: { 'x-moongate-tool-validation': 'retry' } };
const WRONG_THEN_RIGHT =
  'sim: think Hm.\nsim: tool get_weather {"town":"Paris"}\nsim: turn 2\nsim: tool get_weather {"city":"Paris"}';
const again = (response: Response) => response.headers.get('x-moongate-asked-again');

async function whole(rig: Rig, said: string, more: Settings = {}, init: RequestInit = RETRY) {
  const response = await rig.chat(ask(said, { tools: [WEATHER], ...more }), init);
  expect(response.status).toBe(200);
  return { response, body: (await response.json()) as Answer };
}

async function stream(rig: Rig, said: string, more: Settings = {}) {
  const options = { stream: true, stream_options: { include_usage: true }, tools: [WEATHER], ...more };
  const response = await rig.chat(ask(said, options), RETRY);
  const text = await response.text();
  const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as Answer);
  return { response, chunks };
}

const callsUp = (rig: Rig) =>
  rig.simulator.calls.filter(({ path }) => path.endsWith('/completions')).map(({ body }) => body as Settings);

test('the surface is told what is wrong, and the usage of both calls is told to the client', async () => {
  await using rig = await startRig();
  const { response, body } = await whole(rig, WRONG_THEN_RIGHT);
  expect(messageOf(body).tool_calls?.[0]?.function?.arguments).toBe('{"city":"Paris"}');
  expect(again(response)).toBe('tool-validation; calls=2; met');
  const [first, second] = callsUp(rig);
  expect(first?.['messages']).toHaveLength(1);
  expect(second?.['messages']).toMatchObject([
    {},
    { role: 'assistant', reasoning_content: 'Hm.', tool_calls: [{ function: { arguments: '{"town":"Paris"}' } }] },
    { role: 'tool', content: expect.stringContaining('lacks "city"') },
  ]);
});

test('a stream is held back until its calls are whole', async () => {
  await using rig = await startRig();
  const { response, chunks } = await stream(rig, WRONG_THEN_RIGHT);
  expect(callsIn(chunks).map((call) => call.arguments)).toEqual(['{"city":"Paris"}']);
  expect(again(response)).toBe('tool-validation; calls=2; met');
  expect(chunks.filter(({ usage }) => usage)).toHaveLength(1);
});

test.each([false, true])('what is still wrong goes to the client as it is (stream: %s)', async (streamed) => {
  await using rig = await startRig();
  const said = 'sim: turn *\nsim: tool get_weather {"town":"Paris"}';
  const { response } = streamed ? await stream(rig, said) : await whole(rig, said);
  expect(again(response)).toBe('tool-validation; calls=2; unmet');
  expect(callsUp(rig)).toHaveLength(2);
});

test('a tool that does not exist, and arguments that are no JSON, are asked for again', async () => {
  await using rig = await startRig();
  for (const wrong of ['sim: tool look_up {"city":"Paris"}', 'sim: tool-raw get_weather Paris, please']) {
    const { body } = await whole(rig, `${wrong}\nsim: turn 2\nsim: tool get_weather {"city":"Paris"}`);
    expect(messageOf(body).tool_calls?.[0]?.function).toEqual({ name: 'get_weather', arguments: '{"city":"Paris"}' });
  }
});

test('a call that is right beside a wrong one is asked for again with it', async () => {
  await using rig = await startRig();
  const both = 'sim: tool get_weather {"city":"Rome"}\nsim: tool get_weather {"city":7}';
  await whole(
    rig,
    `${both}\nsim: turn 2\nsim: tool get_weather {"city":"Rome"}\nsim: tool get_weather {"city":"Oslo"}`,
  );
  expect(callsUp(rig)[1]?.['messages']).toMatchObject([
    {},
    { tool_calls: [{}, {}] },
    { content: expect.stringContaining('another call beside it') },
    { content: expect.stringContaining('/city') },
  ]);
});

test('answers that are right, in words or cut off cost one call', async () => {
  await using rig = await startRig();
  for (const said of [
    'sim: tool get_weather {"city":"Paris"}',
    "sim: tool-raw get_weather {'city':'Paris',}",
    'sim: say Hello.',
  ]) {
    const { response } = await whole(rig, said);
    expect(again(response)).toBe('tool-validation; calls=1; met');
  }
  await whole(rig, 'sim: tool get_weather {"town":"Paris"}', { max_tokens: 3, thinking: { type: 'disabled' } });
  expect(callsUp(rig)).toHaveLength(4);
});

test('an answer in words is not held back to its end', async () => {
  await using rig = await startRig();
  const response = await rig.chat(
    ask('sim: say-n 200\nsim: stall', { stream: true, tools: [WEATHER], thinking: { type: 'disabled' } }),
    RETRY,
  );
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  expect(Buffer.from(value ?? []).toString()).toContain('"content"');
  await reader?.cancel();
});

test('it works beside a demanded call, on a model that has to be asked', async () => {
  await using rig = await startRig();
  const said =
    'sim: say No.\nsim: turn 2\nsim: tool get_weather {"town":"Paris"}\nsim: turn 3\nsim: tool get_weather {"city":"Paris"}';
  const { response } = await whole(rig, said, { model: 'kimi-k2.7-code', tool_choice: 'required' });
  expect(again(response)).toMatch(/^tool-validation\+tool-choice; calls=2/);
});

test('the configuration asks for it for every request, and a header lets one out', async () => {
  await using rig = await startRig({ config: { tool_validation: 'retry' } });
  const { response } = await whole(rig, WRONG_THEN_RIGHT, {}, {});
  expect(again(response)).toBe('tool-validation; calls=2; met');
  const plain = await whole(rig, WRONG_THEN_RIGHT, {}, { headers: { 'x-moongate-tool-validation': 'repair' } });
  expect(again(plain.response)).toBeNull();
});
