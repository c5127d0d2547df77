import { describe, expect, test } from 'vitest';
import type { ChatChunk, ChatMessage } from '../../chat/chat.ts';
import { passChunks, tryRules } from '../tool-trial.fixture.ts';
import { leakedToolCalls } from './leaked-tool-calls.ts';

const REQUEST = { tools: [{ type: 'function', function: { name: 'get_weather' } }] };
const CALL = '<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city":"北京"}<|tool_call_end|>';
const SECTION = `<|tool_calls_section_begin|>${CALL}<|tool_calls_section_end|>`;
const EXPECTED = {
  id: 'functions.get_weather:0',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"北京"}' },
};

const repair = (request: object = REQUEST) =>
  tryRules([leakedToolCalls], request, { surface: 'compatible', model: 'unknown' }).answer;
const chunk = (delta: ChatMessage, finish_reason: string | null = null): ChatChunk => ({
  id: 'x',
  choices: [{ index: 0, delta, finish_reason }],
});

/** What a client adds up. */
function fold(chunks: readonly ChatChunk[]) {
  const sum = { content: '', reasoning_content: '', calls: [] as unknown[], finish: '' };
  for (const { choices = [] } of chunks) {
    for (const { delta, finish_reason } of choices) {
      sum.content += delta?.content ?? '';
      sum.reasoning_content += delta?.reasoning_content ?? '';
      sum.calls.push(...(delta?.tool_calls ?? []));
      sum.finish = finish_reason ?? sum.finish;
    }
  }
  return sum;
}

function stream(text: string, cut: number, field = 'content') {
  const pieces = [text.slice(0, cut), text.slice(cut)].map((piece) => chunk({ [field]: piece }));
  return fold(passChunks(repair(), [...pieces, chunk({}, 'stop')]));
}

describe('in a stream', () => {
  const text = `Let me look. ${SECTION} Done.`;

  test.each(['content', 'reasoning_content'] as const)('cut at every place of %s', (field) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const sum = stream(text, cut, field);
      expect(sum[field]).toBe('Let me look.  Done.');
      expect(sum.calls).toEqual([{ index: 0, ...EXPECTED }]);
      expect(sum.finish).toBe('tool_calls');
    }
  });

  test('character by character', () => {
    const chunks = [...text].map((piece) => chunk({ content: piece }));
    const sum = fold(passChunks(repair(), [...chunks, chunk({}, 'stop')]));
    expect(sum).toEqual({
      content: 'Let me look.  Done.',
      reasoning_content: '',
      calls: [{ index: 0, ...EXPECTED }],
      finish: 'tool_calls',
    });
  });

  test.each([
    ['a < b, a <| b, <|tool', 'nothing but text'],
    [
      `<|tool_calls_section_begin|>${CALL.replace('get_weather', 'other')}<|tool_calls_section_end|>`,
      'a tool that the request does not have',
    ],
    ['<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city":', 'half a call'],
    ['<|tool_calls_section_begin|> what is this? <|tool_calls_section_end|>', 'a section without calls'],
  ])('%s stays text (%s)', (kept) => {
    for (let cut = 0; cut <= kept.length; cut++) {
      expect(stream(kept, cut)).toEqual({ content: kept, reasoning_content: '', calls: [], finish: 'stop' });
    }
  });

  test('a section without its end, and a stream without its last chunk', () => {
    const open = SECTION.replace('<|tool_calls_section_end|>', '');
    expect(fold(passChunks(repair(), [chunk({ content: open })])).calls).toEqual([{ index: 0, ...EXPECTED }]);
  });

  test('usual chunks pass unread', () => {
    const chunks = [chunk({ role: 'assistant', content: '' }), chunk({ content: 'if (a < b) {' }), chunk({}, 'stop')];
    const answer = repair();
    const sent = passChunks(answer, chunks);
    expect(sent.every((one, index) => one === chunks[index])).toBe(true);
    expect(answer.concern(Buffer.from(JSON.stringify(chunks[1])))).toBe(false);
  });

  test('recovered calls are counted on from real ones', () => {
    const real = chunk({
      tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
    });
    const sum = fold(passChunks(repair(), [real, chunk({ content: SECTION }), chunk({}, 'tool_calls')]));
    expect(sum.calls.map((call) => (call as { index: number }).index)).toEqual([0, 1]);
  });
});

test('in a whole answer', () => {
  const completion = {
    choices: [{ index: 0, message: { role: 'assistant', content: `Hm. ${CALL}` }, finish_reason: 'stop' }],
  };
  const repaired = repair().completion(completion);
  expect(repaired).toEqual({
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hm. ', tool_calls: [EXPECTED] },
        finish_reason: 'tool_calls',
      },
    ],
  });
  expect(repair().completion(repaired)).toBe(repaired);
});

test('without tools nothing is looked for', () => {
  expect(repair({ messages: [] }).needles).toEqual([]);
});
