import { expect, test } from 'vitest';
import { backToCustom } from './free-calls.ts';

const answered = (name: string) => ({
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        tool_calls: [{ id: 'f:0', type: 'function', function: { name, arguments: '{"input":"x"}' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
});

test('a whole answer is changed only where it calls such a function', () => {
  const { completion } = backToCustom(new Set(['patch']));
  const other = answered('read');
  expect(completion?.(other)).toBe(other);
  expect(completion?.(answered('patch'))).toMatchObject({
    choices: [{ message: { tool_calls: [{ id: 'f:0', type: 'custom', custom: { name: 'patch', input: 'x' } }] } }],
  });
});
