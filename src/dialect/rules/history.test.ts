import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../errors.ts';
import type { Rule } from '../rule.ts';
import { tryRules } from '../rule-trial.ts';
import { blankContent } from './blank-content.ts';
import { contentParts } from './content-parts.ts';
import { flatContent } from './flat-content.ts';
import { imageFormat } from './image-format.ts';
import { loneSurrogates } from './lone-surrogates.ts';
import { messageShape } from './message-shape.ts';
import { partialPrefix } from './partial-prefix.ts';
import { reasoningKeys } from './reasoning-keys.ts';

const user = { role: 'user', content: 'hi' };
const call = (id: string | undefined, text = '{"a":1}') => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name: 'f', arguments: text },
});
const calling = (...calls: unknown[]) => ({ role: 'assistant', tool_calls: calls });
const result = (id: string | undefined, content: unknown = 'ok') => ({
  role: 'tool',
  ...(id === undefined ? {} : { tool_call_id: id }),
  content,
});
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const text = (words: string) => ({ type: 'text', text: words });
const PNG = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==';
const JPEG = '/9j/4AAQSkZJRgABAQAAAQ==';

type Case = readonly [what: string, rule: Rule, before: readonly unknown[], after: readonly unknown[]];

const CASES: readonly Case[] = [
  [
    'names of roles',
    messageShape,
    [
      { role: 'model', content: 'a' },
      { role: 'human', content: 'b' },
    ],
    [
      { role: 'assistant', content: 'a' },
      { role: 'user', content: 'b' },
    ],
  ],
  ['numbers as content', messageShape, [{ role: 'user', content: 7 }], [{ role: 'user', content: '7' }]],
  ['a part as content', messageShape, [{ role: 'user', content: text('x') }], [{ role: 'user', content: [text('x')] }]],
  [
    'objects as content',
    messageShape,
    [{ role: 'tool', tool_call_id: 3, content: { ok: true } }],
    [{ role: 'tool', tool_call_id: '3', content: '{"ok":true}' }],
  ],
  [
    'no tool calls',
    messageShape,
    [{ role: 'assistant', content: 'x', tool_calls: [] }],
    [{ role: 'assistant', content: 'x' }],
  ],
  ['one tool call', messageShape, [{ role: 'assistant', tool_calls: call('a') }], [calling(call('a'))]],
  ['strings and nulls', messageShape, ['hello', null, user], [{ role: 'user', content: 'hello' }, user]],

  [
    'prefix',
    partialPrefix,
    [user, { role: 'assistant', content: '{', prefix: true }],
    [user, { role: 'assistant', content: '{', partial: true }],
  ],
  [
    'partial in the middle',
    partialPrefix,
    [{ role: 'assistant', content: 'x', partial: true }, user],
    [{ role: 'assistant', content: 'x' }, user],
  ],

  ['a stopped turn', blankContent, [user, { role: 'assistant', content: '' }, user], [user, user]],
  [
    'a thinking-only turn',
    blankContent,
    [user, { role: 'assistant', content: null, reasoning_content: 'hm' }, user],
    [user, user],
  ],
  [
    'blank text beside calls',
    blankContent,
    [{ ...calling(call('a')), content: ' ' }, result('a')],
    [calling(call('a')), result('a')],
  ],
  [
    'blank parts',
    blankContent,
    [{ role: 'user', content: [text(''), text('x'), text('\n')] }],
    [{ role: 'user', content: [text('x')] }],
  ],
  ['a blank message in the middle', blankContent, [{ role: 'user', content: '' }, user], [user]],
  [
    'a blank message at the end',
    blankContent,
    [user, { role: 'user', content: '\n' }],
    [user, { role: 'user', content: '(empty message)' }],
  ],
  [
    'a refusal',
    blankContent,
    [{ role: 'assistant', content: null, refusal: 'No.' }, user],
    [{ role: 'assistant', content: 'No.' }, user],
  ],
  [
    'a result without content',
    blankContent,
    [calling(call('a')), result('a', null)],
    [calling(call('a')), result('a', '')],
  ],
  [
    'a result of blank parts',
    blankContent,
    [calling(call('a')), result('a', [text(' ')])],
    [calling(call('a')), result('a', '')],
  ],

  [
    'system parts',
    flatContent,
    [{ role: 'system', content: [text('a'), { ...text('b'), cache_control: { type: 'ephemeral' } }] }, user],
    [{ role: 'system', content: 'ab' }, user],
  ],

  [
    'thinking parts',
    reasoningKeys,
    [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'hm' }, text('a')] }],
    [{ role: 'assistant', content: [text('a')], reasoning_content: 'hm' }],
  ],
  [
    'reasoning_details',
    reasoningKeys,
    [{ role: 'assistant', content: 'a', reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }],
    [{ role: 'assistant', content: 'a', reasoning_content: 'hm' }],
  ],
  [
    'its own beside foreign ones',
    reasoningKeys,
    [{ role: 'assistant', content: 'a', reasoning: 'x', reasoning_content: 'hm' }],
    [{ role: 'assistant', content: 'a', reasoning_content: 'hm' }],
  ],

  [
    'a bare address',
    contentParts,
    [{ role: 'user', content: [{ type: 'image_url', image_url: PNG }] }],
    [{ role: 'user', content: [image(PNG)] }],
  ],
  [
    'input_text, input_image',
    contentParts,
    [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'x' },
          { type: 'input_image', image_url: PNG, detail: 'low' },
        ],
      },
    ],
    [{ role: 'user', content: [text('x'), { type: 'image_url', image_url: { url: PNG, detail: 'low' } }] }],
  ],
  [
    'an image of the Messages protocol',
    contentParts,
    [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: JPEG } }] }],
    [{ role: 'user', content: [image(`data:image/jpeg;base64,${JPEG}`)] }],
  ],
  [
    'what nobody knows',
    contentParts,
    [{ role: 'user', content: [{ type: 'tool_reference', tool_name: 'x' }, 'plain', null] }],
    [{ role: 'user', content: [text('{"type":"tool_reference","tool_name":"x"}'), text('plain')] }],
  ],

  [
    'a wrong label',
    imageFormat,
    [{ role: 'user', content: [image(`data:image/png;base64,${JPEG}`)] }],
    [{ role: 'user', content: [image(`data:image/jpeg;base64,${JPEG}`)] }],
  ],

  ['half an emoji', loneSurrogates, [{ role: 'user', content: 'a\ud83d' }], [{ role: 'user', content: 'a\ufffd' }]],
];

describe.each(CASES)('%s', (_what, rule, before, after) => {
  test(`${rule.id} repairs it, once`, () => {
    const first = tryRules([rule], { messages: before });
    expect(first.request['messages']).toEqual(after);
    expect(first.repairs.map((repair) => repair.rule)).toEqual([rule.id]);
    const second = tryRules([rule], first.request);
    expect(second.repairs).toEqual([]);
    expect(second.after).toBe(second.before);
  });

  test(`${rule.id} leaves other hosts alone`, () => {
    const trial = tryRules([rule], { messages: before }, { surface: 'compatible' });
    expect(trial.after).toBe(trial.before);
  });
});

test('sound and files of earlier turns become remarks', () => {
  const sound = { type: 'input_audio', input_audio: { data: '', format: 'wav' } };
  const file = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } };
  const said = [{ role: 'user', content: [text('x'), sound, file] }, { role: 'assistant', content: 'ok' }, user];
  const { request, repairs } = tryRules([contentParts], { messages: said });
  expect((request['messages'] as unknown[])[0]).toEqual({
    role: 'user',
    content: [
      text('x'),
      text('[A recording stood here, which this model cannot hear.]'),
      text('[A file stood here (a.pdf), which this model cannot read.]'),
    ],
  });
  expect(repairs).toMatchObject([{ what: '2 content parts rewritten' }]);
});

describe('what is refused here', () => {
  test.each([
    ['sound', contentParts, { type: 'input_audio', input_audio: { data: '', format: 'wav' } }],
    ['files', contentParts, { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=' } }],
    ['pdf', imageFormat, image('data:application/pdf;base64,JVBERi0xLjc=')],
    ['svg', imageFormat, image('data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=')],
  ])('%s is named with its path', (what, rule, part) => {
    const attempt = () => tryRules([rule], { messages: [user, { role: 'user', content: [text('x'), part] }] });
    expect(attempt).toThrow(GatewayError);
    expect(attempt).toThrow(`messages[1].content[1]: Kimi`);
    expect(attempt).toThrow(what);
  });
});

test('halves of characters are found in the names of tool parameters, too', () => {
  const tools = [
    { type: 'function', function: { name: 'f', parameters: { properties: { 'x\udc00': { enum: ['\ud800'] } } } } },
  ];
  const { request } = tryRules([loneSurrogates], { messages: [user], tools });
  expect(JSON.stringify(request['tools'])).toContain('{"x\ufffd":{"enum":["\ufffd"]}}');
});
