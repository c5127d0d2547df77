import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../chat.ts';
import { type Item, isReference, shortenHistory, toChatRequest, toStoredItems } from './index.ts';

const messages = (items: readonly Item[]) => toChatRequest({}, items).request.messages ?? [];
const user = (content: string): Item => ({ role: 'user', content });
const said = (text: string): Item => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const thought = (text: string): Item => ({ type: 'reasoning', summary: [{ type: 'summary_text', text }] });
const call = (id: string): Item => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const result = (id: string): Item => ({ type: 'function_call_output', call_id: id, output: 'ok' });
const shape = (message: ChatMessage) =>
  [message.role, message['reasoning_content'], message.content, message.tool_calls?.map(({ id }) => id).join()]
    .filter(Boolean)
    .join(' ');

describe('turns', () => {
  test.each<[string, Item[], string[]]>([
    ['one turn is one message', [thought('t'), said('a'), call('1'), call('2')], ['assistant t a 1,2']],
    ['two texts are two messages', [said('a'), said('b')], ['assistant a', 'assistant b']],
    [
      'a text behind a call joins it, since the result must follow',
      [call('1'), said('a'), result('1')],
      ['assistant a 1', 'tool ok'],
    ],
    [
      'a thought behind a text begins a message',
      [said('a'), thought('t'), call('1')],
      ['assistant a', 'assistant t 1'],
    ],
    ['thoughts that led to nothing are dropped', [thought('t'), user('u')], ['user u']],
    [
      'a refusal is what was said',
      [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] }],
      ['assistant no'],
    ],
  ])('%s', (_name, items, expected) => {
    expect(messages(items).map(shape)).toEqual(expected);
  });

  test('a call of the local shell is answered by its id or that of its item', () => {
    const shell = {
      type: 'local_shell_call',
      id: 'lsh_1',
      call_id: 'c1',
      action: { type: 'exec', command: ['ls'], env: {} },
    };
    for (const given of [{ id: 'lsh_1' }, { call_id: 'c1' }]) {
      const [, answer] = messages([shell, { type: 'local_shell_call_output', output: 'x', ...given }]);
      expect(answer?.tool_call_id).toBe('c1');
    }
  });

  test('what shells and patches gave back is told with its end', () => {
    const contents = messages([
      {
        type: 'shell_call_output',
        call_id: '1',
        output: [
          { stdout: 'a', stderr: 'b', outcome: { type: 'exit', exit_code: 2 } },
          { stdout: '', stderr: '', outcome: { type: 'timeout' } },
        ],
      },
      { type: 'apply_patch_call_output', call_id: '2', status: 'failed' },
      { type: 'function_call_output', call_id: '3', output: { odd: 1 } },
    ]).map(({ content }) => content);
    expect(contents).toEqual(['a\nb\n[exit code 2]\n[timed out]', 'The patch was not applied.', '{"odd":1}']);
  });
});

test('what nobody knows goes along, what is OpenAI’s own does not', () => {
  const { request, notes } = toChatRequest(
    { thinking: { type: 'disabled' }, moderation: { model: 'x' }, stream_options: {} },
    [user('u')],
  );
  expect(request).toEqual({ messages: [{ role: 'user', content: 'u' }], thinking: { type: 'disabled' } });
  expect(notes).toEqual(['moderation has nothing behind it here']);
});

test('input is kept as items with ids, a message’s content in parts', () => {
  let ids = 0;
  const newId = (prefix: string) => `${prefix}_${++ids}`;
  expect(toStoredItems('hi', newId)).toEqual([
    { id: 'msg_1', type: 'message', status: 'completed', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
  ]);
  const own = { ...call('1'), id: 'fc_own' };
  expect(toStoredItems([own, said('a'), { type: 'new_thing' }], newId).map(({ id }) => id)).toEqual([
    'fc_own',
    'msg_2',
    'item_3',
  ]);
});

test('references are told from messages', () => {
  expect([{ type: 'item_reference', id: 'a' }, { id: 'a' }, { id: 'a', type: null }].every(isReference)).toBe(true);
  expect(
    [{ id: 'a', role: 'user', content: 'x' }, { type: 'message', id: 'a' }, { type: 'item_reference' }].some(
      isReference,
    ),
  ).toBe(false);
});

describe('a history that is too long', () => {
  const items = [
    { role: 'developer', content: 'd' },
    user('1'),
    call('1'),
    result('1'),
    user('2'),
    said('a'),
    user('3'),
  ];
  const kept = (excess: number) => shortenHistory(items, excess, () => 1).map((item) => items.indexOf(item as never));

  test('loses whole turns, the oldest first, never the system’s words nor the last turn', () => {
    expect(kept(1)).toEqual([0, 4, 5, 6]);
    expect(kept(3)).toEqual([0, 4, 5, 6]);
    expect(kept(4)).toEqual([0, 6]);
    expect(kept(100)).toEqual([0, 6]);
  });

  test('is left alone where there is nothing to leave out', () => {
    const short = [user('1'), said('a')];
    expect(shortenHistory(short, 5, () => 1)).toBe(short);
  });
});
