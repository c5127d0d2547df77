import { expect } from 'vitest';
import {
  ask,
  calling,
  callOf,
  LETTER,
  type Proof,
  refused,
  resultOf,
  says,
  served,
  servedWith,
  user,
  WEATHER,
} from './proof.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = (url = `data:image/png;base64,${PNG}`) => ({ type: 'image_url', image_url: { url } });
const messages = (...list: unknown[]) => ({ model: 'kimi-k2.6', messages: list });

/** Messages: roles, contents, calls with their results, thoughts, pictures. */
export const HISTORY_PROOFS: readonly Proof[] = [
  {
    rule: 'developer-role',
    what: 'role developer on the open platform',
    request: messages({ role: 'developer', content: 'Be brief.' }, user('hi')),
    aside: ['message-shape'],
    without: refused('ROLE_UNSPECIFIED'),
    with: served,
  },
  {
    rule: 'developer-role',
    what: 'role developer on the coding surface',
    request: { ...messages({ role: 'developer', content: 'Be brief.' }, user('hi')), model: 'k3' },
    surface: 'coding',
    aside: ['message-shape'],
    without: refused("role 'developer' is not allowed"),
    with: served,
  },
  {
    rule: 'message-shape',
    what: 'role model, content a number',
    request: messages(user('hi'), { role: 'model', content: 42 }, user('and?')),
    without: refused('ROLE_UNSPECIFIED'),
    with: served,
  },
  {
    rule: 'content-parts',
    what: 'a part of type input_text',
    request: ask([{ type: 'input_text', text: 'sim: say read' }]),
    without: refused('invalid part type: input_text'),
    with: says('read'),
  },
  {
    rule: 'flat-content',
    what: 'a system message in parts',
    request: messages({ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, user('hi')),
    simulator: LETTER,
    without: refused("content of a message with role 'system' must be a string"),
    with: served,
  },
  {
    rule: 'blank-content',
    what: 'an empty answer in the history',
    request: messages(user('hi'), { role: 'assistant', content: '' }, user('and?')),
    without: refused("the message at position 1 with role 'assistant' must not be empty"),
    with: served,
  },
  {
    rule: 'blank-content',
    what: 'blank text beside tool calls',
    request: messages(user('hi'), { ...calling(callOf('a')), content: ' ' }, resultOf('a')),
    without: refused('text content is empty'),
    with: served,
  },
  {
    rule: 'partial-prefix',
    what: 'partial in the middle of the history',
    request: messages(user('hi'), { role: 'assistant', content: 'Hel', partial: true }, user('and?')),
    without: refused('partial is only allowed on the last message with role assistant'),
    with: served,
  },
  {
    rule: 'partial-prefix',
    what: "DeepSeek's prefix is continued, not answered",
    request: messages(user('sim: say Hello there'), { role: 'assistant', content: 'Hello', prefix: true }),
    without: servedWith(({ body }) => expect(body.choices?.[0]?.message?.content).not.toBe(' there')),
    with: says(' there'),
  },
  {
    rule: 'lone-surrogates',
    what: 'half of an emoji',
    request: ask('cut \ud83d'),
    without: refused('Invalid request: tokenization failed'),
    with: served,
  },
  {
    rule: 'tool-results',
    what: 'a call without its result',
    request: messages(user('hi'), calling(callOf('Read:158')), user('never mind')),
    without: refused('The following tool_call_ids did not have response messages: Read:158'),
    with: served,
  },
  {
    rule: 'tool-results',
    what: 'a result that answers no call',
    request: messages(user('hi'), resultOf('gone'), user('and?')),
    without: refused('tool_call_id gone is not found'),
    with: served,
  },
  {
    rule: 'tool-results',
    what: 'one id for two calls',
    request: messages(user('hi'), calling(callOf('a')), resultOf('a'), calling(callOf('a')), resultOf('a')),
    without: refused('tool_call_id a is duplicated'),
    with: served,
  },
  {
    rule: 'tool-arguments',
    what: 'arguments that are no JSON in the history',
    request: messages(user('hi'), calling(callOf('a', '{"city": "Pa')), resultOf('a')),
    without: refused('is not valid JSON'),
    with: served,
  },
  {
    rule: 'reasoning-restored',
    what: 'a tool call without its thoughts',
    request: messages(user('hi'), { ...calling(callOf('a')), reasoning_content: undefined }, resultOf('a')),
    without: refused('thinking is enabled but reasoning_content is missing in assistant tool call message at index 1'),
    with: served,
  },
  {
    rule: 'reasoning-remembered',
    what: 'thoughts that the client drops come back in the next turn',
    before: ask('sim: think I had better look.\nsim: tool-id w:0\nsim: tool get_weather {"city":"Paris"}', {
      tools: [WEATHER],
    }),
    request: {
      ...messages(user('hi'), { ...calling(callOf('w:0')), reasoning_content: undefined }, resultOf('w:0')),
      tools: [WEATHER],
    },
    without: servedWith(({ sent }) =>
      expect(sent.at(-1)?.['messages']).toMatchObject([{}, { reasoning_content: '' }, {}]),
    ),
    with: servedWith(({ sent }) =>
      expect(sent.at(-1)?.['messages']).toMatchObject([{}, { reasoning_content: 'I had better look.' }, {}]),
    ),
  },
  {
    rule: 'reasoning-keys',
    what: 'thoughts as a part of the content',
    request: messages(
      user('hi'),
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'Yes.' },
        ],
      },
      user('and?'),
    ),
    aside: ['content-parts'],
    without: refused('invalid part type: thinking'),
    with: servedWith(({ sent }) =>
      expect(sent[0]?.['messages']).toMatchObject([{}, { reasoning_content: 'Hm.', content: 'Yes.' }, {}]),
    ),
  },
  {
    rule: 'reasoning-in-kind',
    what: 'a host that says `reasoning` gets it back as that',
    surface: 'compatible',
    before: ask(
      'sim: reasoning-key reasoning\nsim: think Look.\nsim: tool-id w:0\nsim: tool get_weather {"city":"Paris"}',
      {
        model: 'elsewhere',
        tools: [WEATHER],
      },
    ),
    request: {
      ...messages(user('hi'), calling(callOf('w:0')), resultOf('w:0')),
      model: 'elsewhere',
      tools: [WEATHER],
    },
    without: servedWith(({ sent }) =>
      expect(sent.at(-1)?.['messages']).not.toMatchObject([{}, { reasoning: 'Look.' }, {}]),
    ),
    with: servedWith(({ sent }) => expect(sent.at(-1)?.['messages']).toMatchObject([{}, { reasoning: 'Look.' }, {}])),
  },
  {
    rule: 'reasoning-in-kind',
    what: 'a client reads thoughts that came as details',
    surface: 'compatible',
    request: ask('sim: reasoning-key reasoning_details\nsim: think Look.\nsim: say ok', { model: 'elsewhere' }),
    without: servedWith(({ body }) => expect(body.choices?.[0]?.message?.reasoning_content).toBeUndefined()),
    with: servedWith(({ body }) => expect(body.choices?.[0]?.message?.reasoning_content).toBe('Look.')),
  },
  {
    rule: 'public-images',
    what: 'a picture by its public URL',
    request: ask([picture('http://127.0.0.1:PORT/sun.png'), { type: 'text', text: 'sim: say seen' }]),
    without: refused('Invalid request: unsupported image url: http://127.0.0.1'),
    with: says('seen'),
  },
  {
    rule: 'image-format',
    what: 'a PNG that is declared as TIFF',
    request: ask([picture(`data:image/tiff;base64,${PNG}`)]),
    without: refused('unsupported image format: image/tiff'),
    with: servedWith(({ sent }) => expect(JSON.stringify(sent[0])).toContain('data:image/png;')),
  },
  {
    rule: 'media-kinds',
    what: 'an earlier picture for moonshot-v1-8k, which reads text',
    request: {
      ...messages(user([picture()]), { role: 'assistant', content: 'A sun.' }, user('sim: say Yes.')),
      model: 'moonshot-v1-8k',
    },
    simulator: { stillServed: ['moonshot-v1-8k'] },
    without: refused('invalid part type: image_url'),
    with: says('Yes.'),
  },
  {
    rule: 'media-kinds',
    what: 'an earlier video on the coding surface',
    request: {
      ...messages(
        user([{ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } }]),
        { role: 'assistant', content: 'A film.' },
        user('sim: say Yes.'),
      ),
      model: 'k3',
    },
    surface: 'coding',
    without: refused('invalid part type: video_url'),
    with: says('Yes.'),
  },
  {
    rule: 'tool-result-media',
    what: 'a picture in the result of a tool',
    request: messages(user('hi'), calling(callOf('a')), resultOf('a', [picture()])),
    simulator: LETTER,
    aside: ['media-kinds'],
    without: refused('invalid part type: image_url'),
    with: served,
  },
];
