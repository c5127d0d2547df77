import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chunk, completion, event, type FakeCall, sendJson, startFakeSurface } from '../fake-surface.ts';
import { dataOf } from '../openai-schema.ts';
import { CN_KEY, type Door, describeMatrix, startRig } from '../setup.ts';

const ASK = { model: 'k25', messages: [{ role: 'user', content: 'hi' }] };
const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
const WHOLE_STREAM = `${event(chunk({ role: 'assistant', content: '' }))}${event(chunk({ content: '你好' }))}${event(chunk({}, 'stop'))}data: [DONE]\n\n`;

/** A gateway before a surface that answers as `answer` does. */
async function startOdd(door: Door, answer: (call: FakeCall, response: ServerResponse) => void) {
  const fake = await startFakeSurface(answer);
  const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
  const rig = await startRig({ door, config: { surfaces, retries: { attempts: 1 } } });
  return {
    ...rig,
    fake,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await fake[Symbol.asyncDispose]();
    },
  };
}

describeMatrix('surfaces that answer in the other form', (door) => {
  test.each([{ usage: false }, { usage: true }])(
    'whole where a stream was asked for, usage $usage',
    async ({ usage }) => {
      const call = { index: 0, id: 'f:0', type: 'function', function: { name: 'f', arguments: '{}' } };
      const message = { role: 'assistant', content: '你好', reasoning_content: 'Hm.', tool_calls: [call] };
      const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
      await using rig = await startOdd(door, (_call, response) => sendJson(response, 200, completion('', { choices })));
      const response = await rig.chat({ ...ASK, stream: true, stream_options: { include_usage: usage } });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const data = dataOf(await response.text());
      expect(data.at(-1)).toBe('[DONE]');
      expect(data).toHaveLength(usage ? 3 : 2);
      expect(JSON.parse(data[0] ?? '')).toMatchObject({
        object: 'chat.completion.chunk',
        choices: [
          { delta: { content: '你好', reasoning_content: 'Hm.', tool_calls: [call] }, finish_reason: 'tool_calls' },
        ],
      });
      if (usage) expect(JSON.parse(data[1] ?? '')).toMatchObject({ choices: [], usage: { total_tokens: 7 } });
    },
  );

  test('a stream where a whole answer was asked for', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    await using rig = await startOdd(door, (_call, response) => {
      response.writeHead(200, EVENT_STREAM);
      response.end(WHOLE_STREAM.replace('data: [DONE]', `${event({ ...chunk({}), choices: [], usage })}data: [DONE]`));
    });
    const response = await rig.chat(ASK);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: '你好' }, finish_reason: 'stop' }],
      usage,
    });
  });
});

describeMatrix('surfaces that hang up behind the head of a refusal', (door) => {
  test.each([false, true])('stream %s: its status is told all the same', async (stream) => {
    await using rig = await startOdd(door, (_call, { socket }) => {
      socket?.write('HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"error":');
      socket?.resetAndDestroy();
    });
    const response = await rig.chat({ ...ASK, stream });
    expect(response.status).toBe(403);
  });
});

describeMatrix('surfaces that answer what nobody understands', (door) => {
  const BODIES: Readonly<Record<string, string>> = {
    'an HTML page': '<html><body>Please log in</body></html>',
    nothing: '',
    'half an object': '{"id":"x","choices":[',
    'an object that is broken inside': '{"id":"x","choices":[{"index":0,}],"usage":{"cached_tokens":1}}',
    'an array': '[1,2,3]',
  };

  test.each(
    Object.keys(BODIES).flatMap((name) => [
      { name, stream: false },
      { name, stream: true },
    ]),
  )('$name, stream $stream: a bad gateway', async ({ name, stream }) => {
    await using rig = await startOdd(door, (_call, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(BODIES[name]);
    });
    const response = await rig.chat({ ...ASK, stream });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_garbled', type: 'upstream_error' } });
  });

  test('an answer that is larger than the limit', async () => {
    await using fake = await startFakeSurface((_call, response) =>
      sendJson(response, 200, completion('x'.repeat(300_000))),
    );
    const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
    await using rig = await startRig({ door, config: { surfaces, limits: { answer_bytes: 100_000 } } });
    const response = await rig.chat(ASK);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_too_long' } });
  });

  test.each([{ stream: false }, { stream: true }])(
    'gzip that nobody asked for, stream $stream: is unpacked',
    async ({ stream }) => {
      await using rig = await startOdd(door, (_call, response) => {
        const type = stream ? EVENT_STREAM['content-type'] : 'application/json';
        response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
        response.end(gzipSync(stream ? WHOLE_STREAM : JSON.stringify(completion('hi'))));
      });
      const response = await rig.chat({ ...ASK, stream });
      expect([response.status, response.headers.get('content-encoding')]).toEqual([200, null]);
      expect(await response.text()).toContain(`"content":"${stream ? '你好' : 'hi'}"`);
      expect(rig.fake.calls[0]?.headers['accept-encoding']).toBe('identity');
    },
  );

  test.each([{ stream: false }, { stream: true }])(
    'an encoding that nobody knows, stream $stream: a clear error',
    async ({ stream }) => {
      await using rig = await startOdd(door, (_call, response) => {
        const type = stream ? EVENT_STREAM['content-type'] : 'application/json';
        response.writeHead(200, { 'content-type': type, 'content-encoding': 'odd' }).end('%%%');
      });
      const response = await rig.chat({ ...ASK, stream });
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({
        error: { code: 'upstream_garbled', message: expect.stringContaining('as odd') },
      });
    },
  );

  test('a packed refusal is read', async () => {
    await using rig = await startOdd(door, (_call, response) => {
      response.writeHead(400, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync('{"error":{"message":"Packed words.","type":"invalid_request_error"}}'));
    });
    expect(await (await rig.chat(ASK)).text()).toContain('Packed words.');
  });

  test.each([600, 999])('status %i becomes one that every client knows', async (status) => {
    await using rig = await startOdd(door, (_call, response) =>
      sendJson(response, status, { error: { message: 'Odd.' } }),
    );
    const response = await rig.chat(ASK);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('Odd.');
  });
});

describeMatrix('surfaces that would give a secret away', (door) => {
  test.each([301, 302, 307, 308])('a redirect by %i is not followed, and the key stays', async (status) => {
    await using other = await startFakeSurface((_call, response) => sendJson(response, 200, completion('stolen')));
    await using rig = await startOdd(door, (_call, response) => {
      response.writeHead(status, { location: `${other.baseUrl}/chat/completions?key=${CN_KEY}` }).end();
    });
    const response = await rig.chat(ASK);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: { code: 'upstream_redirect', message: expect.stringContaining(new URL(other.baseUrl).host) },
    });
    expect(other.calls).toHaveLength(0);
  });

  // What the rig sees, it searches for the key.
  test.each([401, 400, 500])('a refusal by %i that quotes the key', async (status) => {
    await using rig = await startOdd(door, (call, response) => {
      const message = `Incorrect API key provided: ${call.headers.authorization}`;
      sendJson(response, status, { error: { message, type: 'invalid_authentication_error', code: CN_KEY } });
    });
    const response = await rig.chat(ASK);
    expect(await response.text()).toContain('Incorrect API key provided');
  });

  test('an error in the middle of a stream that quotes the key', async () => {
    await using rig = await startOdd(door, (call, response) => {
      response.writeHead(200, EVENT_STREAM);
      response.end(event({ error: { message: `No: ${call.headers.authorization}`, type: 'server_error' } }));
    });
    const response = await rig.chat({ ...ASK, stream: true });
    expect(await response.text()).toContain('No: ');
  });
});
