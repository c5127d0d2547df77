import { describe, expect, test } from 'vitest';
import type { ChatChunk, ToolCall } from '../../chat/chat.ts';
import { passChunks, tryRules } from '../tool-trial.fixture.ts';
import { answerArguments } from './answer-arguments.ts';
import { toolCallPieces } from './tool-call-pieces.ts';

const WITH_TOOLS = { tools: [{ type: 'function', function: { name: 'read' } }] };
const piece = (call: ToolCall, finish_reason: string | null = null): ChatChunk => ({
  choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason }],
});
const first = (index: number, name: string) =>
  piece({ index, id: `${name}:${index}`, type: 'function', function: { name, arguments: '' } });
const later = (index: number, text: string) => piece({ index, function: { arguments: text } });
const END: ChatChunk = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
const answer = (stream = true) => tryRules([toolCallPieces], WITH_TOOLS, { stream }).answer;

describe('tool-call-pieces', () => {
  test('a usual stream passes as it is, the later pieces unread', () => {
    const chunks = [first(0, 'read'), later(0, '{"a":'), first(1, 'write'), later(1, '{}'), later(0, '1}'), END];
    const repairs = answer();
    expect(passChunks(repairs, chunks).every((chunk, index) => chunk === chunks[index])).toBe(true);
    expect(repairs.concern(Buffer.from(JSON.stringify(later(0, 'x'))))).toBe(false);
  });

  test('a call without a name is left out, and without any call the answer is no call', () => {
    const nameless = [piece({ index: 0, id: 'a', type: 'function', function: { arguments: '{' } }), later(0, '}')];
    expect(passChunks(answer(), [...nameless, END])).toEqual([
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ]);
    expect(passChunks(answer(), [...nameless, first(1, 'read'), END])).toEqual([first(1, 'read'), END]);
  });

  test('a name that comes late brings what was held', () => {
    const chunks = [
      piece({ index: 0, id: 'a', type: 'function', function: { arguments: '{"a"' } }),
      piece({ index: 0, function: { name: 'read', arguments: ':1}' } }),
      END,
    ];
    expect(passChunks(answer(), chunks)).toEqual([
      piece({ index: 0, id: 'a', type: 'function', function: { name: 'read', arguments: '{"a":1}' } }),
      END,
    ]);
  });

  test('a name that is repeated is said once', () => {
    const again = piece({ index: 0, id: 'read:0', type: 'function', function: { name: 'read', arguments: '{}' } });
    expect(passChunks(answer(), [first(0, 'read'), again])).toEqual([first(0, 'read'), later(0, '{}')]);
  });

  test('pieces without an index get one', () => {
    const bare = (name: string) => piece({ id: name, type: 'function', function: { name, arguments: '{}' } });
    const indexes = passChunks(answer(), [bare('read'), bare('write')]).map(
      (chunk) => chunk.choices?.[0]?.delta?.tool_calls?.[0]?.index,
    );
    expect(indexes).toEqual([0, 1]);
  });

  test('whole answers', () => {
    const call = { id: 'a', type: 'function', function: { name: 'read', arguments: '{}' } };
    const whole = (tool_calls: ToolCall[]) => ({
      choices: [{ message: { role: 'assistant', tool_calls }, finish_reason: 'tool_calls' }],
    });
    const fine = whole([call]);
    expect(answer(false).completion(fine)).toBe(fine);
    expect(answer(false).completion(whole([call, { id: 'b', function: { arguments: '{}' } }]))).toEqual(fine);
    expect(answer(false).completion(whole([{ id: 'b', function: {} }]))).toEqual({
      choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }],
    });
  });
});

describe('answer-arguments', () => {
  const watching = (stream = true) => tryRules([answerArguments], WITH_TOOLS, { stream }).answer;
  const whole = (text: string, finish_reason = 'tool_calls') => ({
    choices: [{ message: { tool_calls: [{ id: 'a', function: { name: 'read', arguments: text } }] }, finish_reason }],
  });

  test('a stream passes as it is; a missing end is added to its last chunk', () => {
    const fine = [first(0, 'read'), later(0, '{"a":1}'), END];
    expect(passChunks(watching(), fine).every((chunk, index) => chunk === fine[index])).toBe(true);
    const open = [first(0, 'read'), later(0, '{"a":["x'), END];
    expect(passChunks(watching(), open)).toEqual([
      ...open.slice(0, 2),
      piece({ index: 0, function: { arguments: '"]}' } }, 'tool_calls'),
    ]);
    expect(passChunks(watching(), [first(0, 'read'), END])[1]).toEqual(
      piece({ index: 0, function: { arguments: '{}' } }, 'tool_calls'),
    );
  });

  test('arguments that ran into the cap stay', () => {
    const cut = [first(0, 'read'), later(0, '{"a":'), { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }];
    expect(passChunks(watching(), cut)).toEqual(cut);
    const half = whole('{"a":', 'length');
    expect(watching(false).completion(half)).toBe(half);
  });

  test('whole answers are put right', () => {
    expect(watching(false).completion(whole("{'a': 1,}"))).toEqual(whole('{"a": 1}'));
    const fine = whole('{"a":1}');
    expect(watching(false).completion(fine)).toBe(fine);
  });
});
