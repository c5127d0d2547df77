import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { dataOf } from '../openai-schema.ts';
import { describeMatrix, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';

const TEXT = '你好, 世界! 😀 naïve — "quoted" \\ back';

const streamed = (content: string, more: Record<string, unknown> = {}) => ({
  model: 'kimi-k2.6',
  stream: true,
  messages: [{ role: 'user', content }],
  ...more,
});

/** What a strict reader makes of a stream. */
async function read(response: Response) {
  const data = dataOf(await response.text());
  const chunks = data.filter((item) => item !== '[DONE]').map((item) => JSON.parse(item) as OpenAI.ChatCompletionChunk);
  return {
    text: chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join(''),
    isDone: data.at(-1) === '[DONE]',
    error: chunks.map((chunk) => ('error' in chunk ? (chunk.error as Record<string, unknown>) : undefined)).at(-1),
    reasons: chunks.flatMap((chunk) => chunk.choices?.[0]?.finish_reason ?? []),
  };
}

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

describeMatrix('streams that end as they should', (door) => {
  const FORMS = ['', 'sim: crlf', 'sim: heartbeat', 'sim: heartbeat\nsim: crlf', 'sim: no-done'];
  test.each(FORMS.flatMap((form) => [0, 1, 2, 3, 4, 5, 6, 7].map((split) => ({ form, split }))))(
    '"$form", split $split: the text is exact',
    async ({ form, split }) => {
      await using rig = await startRig({ door });
      const script = `sim: say ${TEXT.replaceAll('\\', '\\\\')}\n${form}${split > 0 ? `\nsim: split ${split}` : ''}`;
      const { text, isDone, error, reasons } = await read(await rig.chat(streamed(script)));
      expect({ text, isDone, error, reasons }).toEqual({
        text: TEXT,
        isDone: true,
        error: undefined,
        reasons: ['stop'],
      });
    },
  );

  test('one event of a megabyte', async () => {
    await using rig = await startRig({ door });
    const { text, isDone } = await read(await rig.chat(streamed('sim: giant 1000000')));
    expect(text).toHaveLength(1_000_000);
    expect(isDone).toBe(true);
  });

  test('a whole answer of a surface that is only asked for streams', async () => {
    await using rig = await startRig({ door, config: { stream_upstream: 'always' } });
    const body = { ...streamed('sim: say Hm.\nsim: tool get_weather {"city":"Beijing"}'), stream: false };
    const answer = (await (await rig.chat(body)).json()) as OpenAI.ChatCompletion;
    expect(answer.choices[0]?.message.content).toBe('Hm.');
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(1);
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    expect(rig.simulator.calls.at(-1)?.body).toMatchObject({ stream: true });
  });
});

describeMatrix('streams that do not', (door) => {
  // The pause lets the beginning reach the client before the end; what fails before that is tried again.
  const BEGUN = 'sim: pause 5\nsim: say-n 6\n';
  const ENDS = [
    { end: 'sim: cut', code: 'stream_cut', says: /stopped before its end/ },
    { end: 'sim: cut 3', code: 'stream_cut', says: /stopped before its end/ },
    { end: 'sim: end-early', code: 'stream_cut', says: /stopped before its end/ },
    { end: 'sim: bad-json', code: 'upstream_garbled', says: /not a JSON object/ },
    { end: 'sim: error-chunk server_error It broke.', code: 'upstream_error', says: /It broke\./ },
    { end: 'sim: error-chunk engine_overloaded_error Busy.', code: 'overloaded', says: /Busy\./ },
    { end: 'sim: giant 500000', code: 'upstream_garbled', says: /limits\.event_bytes/ },
  ];

  test.each(ENDS)('$end is an error that the client sees', async ({ end, code, says }) => {
    await using rig = await startRig({ door, config: { limits: { event_bytes: 200_000 } } });
    const result = await read(await rig.chat(streamed(BEGUN + end)));
    expect(result.error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(result.isDone).toBe(false);
    expect(result.text.length).toBeGreaterThan(0);
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test.each(ENDS)('the openai client throws on $end', async ({ end, says }) => {
    await using rig = await startRig({ door, config: { limits: { event_bytes: 200_000 } } });
    const stream = await clientOf(rig).chat.completions.create({
      model: 'kimi-k2.6',
      stream: true,
      messages: [{ role: 'user', content: BEGUN + end }],
    });
    const reading = (async () => {
      for await (const _ of stream);
    })();
    await expect(reading).rejects.toThrow(says);
  });

  test('the text before an error is not lost, however the bytes were cut', async () => {
    await using rig = await startRig({ door });
    const result = await read(
      await rig.chat(streamed('sim: pause 5\nsim: say 0123456789\nsim: error-chunk server_error It broke.')),
    );
    expect(result.text).toBe('0123456789');
  });

  test('the simulator is killed', async () => {
    await using rig = await startRig({ door });
    const response = await rig.chat(streamed('sim: say-n 6\nsim: stall'));
    await until(() => rig.simulator.account('sk-rig-cn-0f8e7d6c5b4a39281706').inFlight === 1, 'the call');
    const reading = read(response);
    rig.simulator.setDown(true);
    const { error, isDone } = await reading;
    expect(error).toMatchObject({ code: 'stream_cut' });
    expect(isDone).toBe(false);
  });

  test.each(['sim: cut', 'sim: end-early', 'sim: bad-json', 'sim: error-chunk server_error It broke.'])(
    '%s of a whole answer is a bad gateway',
    async (end) => {
      for (const stream_upstream of ['as_asked', 'always']) {
        await using other = await startRig({ door, config: { retries: { attempts: 1 }, stream_upstream } });
        const response = await other.chat(`${BEGUN}${end}`);
        expect(response.status).toBeGreaterThanOrEqual(500);
        expect(await response.json()).toMatchObject({ error: { code: expect.stringMatching(/stream_cut|upstream_/) } });
      }
    },
  );
});
