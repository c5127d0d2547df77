import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatChunk } from '../../chat/chat.ts';
import type { Clock } from '../../clock.ts';
import { AnswerRepairs } from '../repair-answer.ts';
import { tryRules } from '../rule-trial.ts';
import { reasoningRemembered } from '../rules/reasoning-remembered.ts';
import { reasoningRestored } from '../rules/reasoning-restored.ts';
import { BoundedReasoningMemory } from './bounded-reasoning-memory.ts';
import { callKey } from './call-key.ts';

function clockAt(start: number): Clock & { time: number } {
  const clock = {
    time: start,
    now: () => clock.time,
    ticks: () => clock.time,
    after: () => () => {},
    id: () => 'id',
    random: () => 0,
  };
  return clock;
}

const LIMITS = { entries: 3, bytes: 1_000, age: 100 };
const call = (id: string, text = '{"a":1}') => ({ id, type: 'function', function: { name: 'f', arguments: text } });

describe('BoundedReasoningMemory', () => {
  test('gives back what was remembered, to the same owner only', () => {
    const memory = new BoundedReasoningMemory(clockAt(0), LIMITS);
    memory.remember('me', ['a', 'b'], 'hm');
    expect([memory.recall('me', 'a'), memory.recall('me', 'b'), memory.recall('you', 'a')]).toEqual([
      'hm',
      'hm',
      undefined,
    ]);
    memory.remember('me', ['c'], '');
    expect(memory.recall('me', 'c')).toBe(undefined);
  });

  test('forgets the longest unused', () => {
    const memory = new BoundedReasoningMemory(clockAt(0), LIMITS);
    for (const key of ['a', 'b', 'c']) memory.remember('me', [key], key);
    memory.recall('me', 'a');
    memory.remember('me', ['d'], 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => memory.recall('me', key))).toEqual(['a', undefined, 'c', 'd']);
  });

  test('forgets by age since the last use', () => {
    const clock = clockAt(0);
    const memory = new BoundedReasoningMemory(clock, LIMITS);
    memory.remember('me', ['a'], 'a');
    memory.remember('me', ['b'], 'b');
    clock.time = 80;
    memory.recall('me', 'b');
    clock.time = 150;
    expect([memory.recall('me', 'a'), memory.recall('me', 'b')]).toEqual([undefined, 'b']);
  });

  test('never holds more than its limits, whatever is stored', () => {
    const step = fc.tuple(
      fc.constantFrom('x', 'y'),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
      fc.nat(400),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const memory = new BoundedReasoningMemory(clockAt(0), LIMITS);
        for (const [owner, keys, length] of steps) memory.remember(owner, keys, 'r'.repeat(length));
        expect(memory.size).toBeLessThanOrEqual(LIMITS.entries);
        const held = memory.snapshot().reduce((sum, entry) => sum + entry.reasoning.length * 2, 0);
        expect(held).toBeLessThanOrEqual(LIMITS.bytes);
        for (const { owner, calls, reasoning } of memory.snapshot()) {
          for (const key of calls) expect(memory.recall(owner, key)).toBe(reasoning);
        }
      }),
    );
  });
});

describe('a snapshot', () => {
  test('is taken up by the next process, but for what is too old', () => {
    const memory = new BoundedReasoningMemory(clockAt(0), LIMITS);
    memory.remember('me', ['a'], 'hm');
    const next = new BoundedReasoningMemory(clockAt(50), LIMITS);
    next.restore(JSON.parse(JSON.stringify(memory.snapshot())));
    expect(next.recall('me', 'a')).toBe('hm');
    const late = new BoundedReasoningMemory(clockAt(500), LIMITS);
    late.restore(memory.snapshot());
    expect(late.size).toBe(0);
  });
});

describe('callKey', () => {
  test('knows the same arguments however they are written, and no others', () => {
    expect(callKey(call('f:0', '{"a": 1}'))).toBe(callKey(call('f:0', '{"a":1}')));
    expect(callKey(call('f:0', '{"a":2}'))).not.toBe(callKey(call('f:0', '{"a":1}')));
    expect(callKey(call('', '{}'))).toBe(undefined);
  });
});

const STREAM: readonly ChatChunk[] = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
  { choices: [{ index: 0, delta: { reasoning_content: 'First ' } }] },
  { choices: [{ index: 0, delta: { reasoning_content: 'think.' } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call('f:0', '') }] } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
];

describe('from an answer to the next request', () => {
  const rules = [reasoningRestored, reasoningRemembered];
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const user = { role: 'user', content: 'go' };
  const follow = {
    tools,
    messages: [
      user,
      { role: 'assistant', tool_calls: [call('f:0', '{"a": 1}')] },
      { role: 'tool', tool_call_id: 'f:0', content: 'ok' },
    ],
  };

  test('a stream', () => {
    const reasoning = { memory: new BoundedReasoningMemory(clockAt(0)), owner: 'me' };
    const first = tryRules(rules, { tools, messages: [user] }, { reasoning });
    const repairs = new AnswerRepairs(first.answerRepairs);
    for (const chunk of STREAM) {
      expect(repairs.chunk(chunk)).toBe(chunk);
      if (!('content' in (chunk.choices?.[0]?.delta ?? {})))
        expect(repairs.concern(Buffer.from(JSON.stringify(chunk)))).toBe(true);
    }
    const second = tryRules(rules, follow, { reasoning });
    expect(second.request['messages']).toMatchObject([user, { reasoning_content: 'First think.' }, {}]);
    expect(second.repairs[0]?.what).toBe('reasoning_content restored in 1 message');
    const other = tryRules(rules, follow, { reasoning: { ...reasoning, owner: 'you' } });
    expect(other.request['messages']).toMatchObject([user, { reasoning_content: '' }, {}]);
  });

  test('a whole answer', () => {
    const reasoning = { memory: new BoundedReasoningMemory(clockAt(0)), owner: 'me' };
    const first = tryRules(rules, { tools, messages: [user] }, { reasoning });
    const completion = { choices: [{ message: { reasoning_content: 'Hm.', tool_calls: [call('f:0')] } }] };
    expect(new AnswerRepairs(first.answerRepairs).completion(completion)).toBe(completion);
    expect(tryRules(rules, follow, { reasoning }).request['messages']).toMatchObject([
      user,
      { reasoning_content: 'Hm.' },
      {},
    ]);
  });

  test('without tools nothing is watched', () => {
    const reasoning = { memory: new BoundedReasoningMemory(clockAt(0)), owner: 'me' };
    expect(tryRules(rules, { messages: [user] }, { reasoning }).answerRepairs).toEqual([]);
    expect(tryRules(rules, { tools: [], messages: [user] }, { reasoning }).answerRepairs).toEqual([]);
    expect(tryRules(rules, { tools, messages: [user] }).answerRepairs).toEqual([]);
  });

  test('nothing is added where thinking is off, where it is there, and twice', () => {
    const off = tryRules(rules, { ...follow, thinking: { type: 'disabled' } }, { model: 'kimi-k2.6' });
    expect(off.repairs).toEqual([]);
    const once = tryRules(rules, follow);
    expect(once.repairs[0]?.what).toBe('reasoning_content left empty in 1 message');
    expect(tryRules(rules, once.request).repairs).toEqual([]);
  });
});
