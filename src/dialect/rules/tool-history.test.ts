import { describe, expect, test } from 'vitest';
import type { Rule } from '../rule.ts';
import { tryRules } from '../rule-trial.ts';
import { toolArguments } from './tool-arguments.ts';
import { toolResultMedia } from './tool-result-media.ts';
import { toolResults } from './tool-results.ts';

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
const cancelled = (id: string) => result(id, 'Cancelled: there is no result of this tool call.');
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const text = (words: string) => ({ type: 'text', text: words });
const PNG = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==';

type Case = readonly [what: string, rule: Rule, before: readonly unknown[], after: readonly unknown[]];

const CASES: readonly Case[] = [
  [
    'a missing result',
    toolResults,
    [calling(call('a'), call('b')), result('b'), user],
    [calling(call('a'), call('b')), result('b'), cancelled('a'), user],
  ],
  ['a stray result', toolResults, [calling(call('a')), user, result('a')], [calling(call('a')), result('a'), user]],
  ['a result without an id', toolResults, [calling(call('a')), result(undefined)], [calling(call('a')), result('a')]],
  [
    'an unknown id',
    toolResults,
    [calling(call('a'), call('b')), result('zzz', '1'), result('a', '2')],
    [calling(call('a'), call('b')), result('b', '1'), result('a', '2')],
  ],
  [
    'a result of nothing',
    toolResults,
    [user, result('x')],
    [user, { role: 'user', content: 'Result of a tool call that is not in this conversation (x):\nok' }],
  ],
  [
    'ids twice',
    toolResults,
    [calling(call('f:0')), result('f:0', '1'), calling(call('f:0')), result('f:0', '2')],
    [calling(call('f:0')), result('f:0', '1'), calling(call('f:1')), result('f:1', '2')],
  ],
  [
    'ids twice in one message',
    toolResults,
    [calling(call('a'), call('a')), result('a', '1'), result('a', '2')],
    [calling(call('a'), call('a_2')), result('a', '1'), result('a_2', '2')],
  ],
  [
    'no ids at all',
    toolResults,
    [calling(call(undefined)), result(undefined)],
    [calling({ ...call(undefined), id: 'f:0' }), result('f:0')],
  ],
  [
    'a result twice',
    toolResults,
    [calling(call('a')), result('a', '1'), result('a', '2')],
    [calling(call('a')), result('a', '1\n\n2')],
  ],

  [
    'raw line breaks',
    toolArguments,
    [calling(call('a', '{"a":"\n"}')), result('a')],
    [calling(call('a', '{"a":"\\n"}')), result('a')],
  ],
  ['nothing', toolArguments, [calling(call('a', '')), result('a')], [calling(call('a', '{}')), result('a')]],
  [
    'serialized twice',
    toolArguments,
    [calling(call('a', '"{\\"a\\":1}"')), result('a')],
    [calling(call('a', '{"a":1}')), result('a')],
  ],
  [
    'a merged stream',
    toolArguments,
    [calling(call('a', '{}{"a":1}')), result('a')],
    [calling(call('a', '{"a":1}')), result('a')],
  ],
  [
    'what cannot be read',
    toolArguments,
    [calling(call('a', '{"a":')), result('a')],
    [calling(call('a', '{}')), result('a', 'The arguments of this call were not valid JSON: {"a":\n\nok')],
  ],

  [
    'a picture in a result',
    toolResultMedia,
    [calling(call('a'), call('b')), result('a', [text('shot'), image(PNG)]), result('b'), user],
    [
      calling(call('a'), call('b')),
      result('a', 'shot'),
      result('b'),
      { role: 'user', content: [text('From the result of the tool call a:'), image(PNG)] },
      user,
    ],
  ],
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

test('many duplicates are paired in one repair', () => {
  const calls = Array.from({ length: 5_000 }, () => call('f:0'));
  const messages = calls.flatMap((one) => [calling(one), result('f:0', 'x'), result('f:0', 'x'), result('nobody')]);
  const trial = tryRules([toolResults], { messages });
  expect(trial.repairs.length).toBe(1);
});

test('a number too long for a number is a name', () => {
  const long = `f:${'9'.repeat(30)}`;
  const { request } = tryRules([toolResults], {
    messages: [calling(call(long), call(long)), result(long), result(long)],
  });
  expect(request['messages']).toMatchObject([{ tool_calls: [{ id: long }, { id: `${long}_2` }] }, {}, {}]);
});
