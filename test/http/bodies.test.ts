import { expect, test } from 'vitest';
import { describeMatrix, startRig } from '../setup.ts';

const USER = '{"role":"user","content":"sim: say hi"}';
const DEEP = 100_000;
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Bodies that are not JSON, or not what a chat request is. */
const BROKEN: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' \n',
  truncated: `{"model":"k25","messages":[${USER}`,
  'truncated in a string': '{"model":"k25","messages":[{"role":"us',
  'trailing comma': `{"model":"k25","messages":[${USER}],}`,
  'trailing comma in a message': '{"model":"k25","messages":[{"role":"user","content":"hi",}]}',
  'trailing comma beside a repaired message': '{"model":"k25","messages":[{"role":"developer","content":"hi",}]}',
  'trailing comma beside a repaired member': `{"model":"k25","temperature":0.,"messages":[${USER}]}`,
  'broken stream_options': `{"model":"k25","stream":true,"stream_options":{"include_usage":yes},"messages":[${USER}]}`,
  'text behind it': `{"model":"k25","messages":[${USER}]} {}`,
  'single quotes': "{'model':'k25'}",
  'unquoted member': '{model:"k25"}',
  'byte order mark': `\ufeff{"model":"k25","messages":[${USER}]}`,
  array: `[${USER}]`,
  text: '"hello"',
  number: '42',
  null: 'null',
  html: '<html></html>',
  form: 'model=k25&messages=hi',
  'no messages': '{"model":"k25"}',
  'messages of another type': '{"model":"k25","messages":{"role":"user"}}',
  'a message that is null': '{"model":"k25","messages":[null]}',
  'model of another type': `{"model":42,"messages":[${USER}]}`,
  'no model': `{"messages":[${USER}]}`,
  'stream of another type': `{"model":"k25","stream":"yes","messages":[${USER}]}`,
  'tools of another type': `{"model":"k25","tools":"all","functions":7,"messages":[${USER}]}`,
  'deep, unclosed': `{"model":"k25","messages":${'['.repeat(DEEP)}`,
  'deep in messages': `{"model":"k25","messages":${deep(DEEP)}}`,
  'deep in a repaired message': `{"model":"k25","messages":[{"role":"developer","content":${deep(DEEP)}}]}`,
  'deep in functions': `{"model":"k25","functions":[{"name":"f","parameters":${deep(DEEP)}}],"messages":[${USER}]}`,
};

describeMatrix('bodies', (door) => {
  test.each(Object.keys(BROKEN))('%s is answered with 400', async (name) => {
    await using rig = await startRig({ door, config: { retries: { attempts: 1 } } });
    const response = await rig.chat('', { body: BROKEN[name] ?? '' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(rig.logs.filter((line) => line.includes('a request failed'))).toEqual([]);
  });

  test('the place of the mistake is named', async () => {
    await using rig = await startRig({ door });
    const response = await rig.chat('', { body: BROKEN['trailing comma'] ?? '' });
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_json', message: expect.stringMatching(/at byte \d+/) },
    });
  });

  test('of two members with one name the last one counts', async () => {
    await using rig = await startRig({ door });
    const body = `{"model":"nobody","stream":true,"messages":[],"stream":false,"model":"k25","messages":[${USER}]}`;
    const response = await rig.chat('', { body });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'hi' } }] });
    expect(rig.simulator.calls.at(-1)?.rawBody.match(/"model"/g)).toHaveLength(1);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'content type %s is refused',
    async (type) => {
      await using rig = await startRig({ door });
      const response = await rig.chat('sim: say hi', { headers: { 'content-type': type } });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: { code: 'unsupported_content_type' } });
    },
  );

  test('a compressed body is refused by what it is', async () => {
    await using rig = await startRig({ door });
    const response = await rig.chat('sim: say hi', { headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      error: { code: 'unsupported_content_type', message: expect.stringContaining('compressed (gzip)') },
    });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json'])(
    'content type %s is taken',
    async (type) => {
      await using rig = await startRig({ door });
      expect((await rig.chat('sim: say hi', { headers: { 'content-type': type } })).status).toBe(200);
    },
  );
});
