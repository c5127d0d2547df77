import { describe, expect, test } from 'vitest';
import { dataOf } from '../openai-schema.ts';
import { checkGrammar, responsesEvents } from '../responses-schema.ts';
import { post, type Rig, type Settings } from '../setup.ts';
import { messagesRig, type Way } from './messages-rig.ts';

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } };
const SAID = 'sim: pause 2\nsim: think-n 3\nsim: say-n 3';
const CALLS = `${SAID}\nsim: tool get_weather {"city": "Rome"}`;

interface Client {
  readonly name: string;
  readonly path: string;
  request(said: string): Settings;
  /** Throws if the stream has not ended with this protocol's own error. */
  check(text: string): void;
}

const endsWithError = (text: string): void => {
  const all = dataOf(text);
  expect(all).not.toContain('[DONE]');
  const last = all.at(-1) ?? '{}';
  expect(JSON.parse(last)).toMatchObject({ error: { message: expect.any(String), code: expect.any(String) } });
  for (const data of all.slice(0, -1)) expect(data).not.toContain('"error":{');
};

const CLIENTS: readonly Client[] = [
  {
    name: 'chat',
    path: '/v1/chat/completions',
    request: (said) => ({
      messages: [{ role: 'user', content: `${CALLS}\n${said}` }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: PARAMETERS } }],
    }),
    check: endsWithError,
  },
  {
    name: 'text completions',
    path: '/v1/completions',
    request: (said) => ({ prompt: `${SAID}\n${said}` }),
    check: endsWithError,
  },
  {
    name: 'Responses',
    path: '/v1/responses',
    request: (said) => ({
      ...{ input: `${CALLS}\n${said}`, store: false },
      tools: [{ type: 'function', name: 'get_weather', parameters: PARAMETERS }],
    }),
    check: (text) => {
      const events = responsesEvents(text);
      checkGrammar(events);
      expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed', error: {} } });
    },
  },
];

const WAYS: readonly { way: Way; model: string; face: string }[] = [
  { way: 'kimi-code', model: 'k3', face: 'an Anthropic face' },
  { way: 'moonshot', model: 'kimi-k2.6', face: 'an OpenAI face' },
];

const rigOf = (way: Way): Promise<Rig> =>
  messagesRig(way, {
    settings: { retries: { attempts: 1 }, routes: { default: [way === 'moonshot' ? 'moonshot-cn' : way] } },
  });

describe.each(WAYS)('a stream that breaks behind any piece, over $face', ({ way, model }) => {
  test.each(CLIENTS)('ends with the error of $name', async ({ path, request, check }) => {
    await using rig = await rigOf(way);
    for (const how of ['cut', 'end-early', 'error-chunk server_error Broken.']) {
      for (let place = 1; place <= (how.startsWith('error') ? 1 : 8); place++) {
        const said = `sim: ${how.startsWith('error') ? how : `${how} ${place}`}`;
        const response = await rig.get(path, post({ model, stream: true, ...request(said) }));
        const text = await response.text();
        // What fails before the first event is an answer of its own.
        if (response.status === 200) check(text);
        else expect(JSON.parse(text)).toMatchObject({ error: { code: expect.stringMatching(/stream_cut|upstream_/) } });
      }
    }
  });
});
