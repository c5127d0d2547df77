import { describe, expect, test } from 'vitest';
import type { ChatChunk, ChatRequest } from '../../chat/chat.ts';
import { JsonDocument } from '../../chat/json-document.ts';
import { factsOf } from '../../models/facts.ts';
import { AnswerRepairs } from '../repair-answer.ts';
import { repairRequest } from '../repair-request.ts';
import type { SurfaceKind } from '../rule.ts';
import { situationOf } from '../situation.ts';
import { RULES } from './index.ts';

interface Case {
  readonly model?: string;
  readonly surface?: SurfaceKind;
  readonly stream?: boolean;
}

/** Runs one rule alone over a request, as the pipeline does. */
function run(
  rule: string,
  request: ChatRequest,
  { model = 'kimi-k3', surface = 'platform', stream = false }: Case = {},
) {
  const rules = RULES.filter(({ id }) => id === rule);
  expect(rules, `there is no rule ${rule}`).toHaveLength(1);
  const document = JsonDocument.from(request);
  const includeUsage = request.stream_options?.include_usage === true;
  const done = repairRequest(rules, document, (thinking) => situationOf(surface, factsOf(model), thinking), {
    stream,
    includeUsage,
  });
  return { request: document.toObject(), repairs: done.repairs, answer: new AnswerRepairs(done.answerRepairs) };
}

test('the ids are unique, and every rule has a reason, a source and a day', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, why, source, seen, title } of RULES) {
    expect(id).toMatch(/^[a-z0-9-]+$/);
    expect([why.length > 30, source.length > 10, title.en.length > 3, title.zh.length > 1]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(seen).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

describe('sampling-fixed', () => {
  test.each([
    ['kimi-k3', { temperature: 0.3, top_p: 1, presence_penalty: 0 }, { presence_penalty: 0 }],
    ['kimi-k3', { temperature: 1, top_p: 0.95 }, { temperature: 1, top_p: 0.95 }],
    ['kimi-k2.6', { temperature: 0.6 }, {}],
    [
      'kimi-k2.6',
      { temperature: 0.6, thinking: { type: 'disabled' } },
      { temperature: 0.6, thinking: { type: 'disabled' } },
    ],
    ['kimi-k2.6', { temperature: 1, thinking: { type: 'disabled' } }, { thinking: { type: 'disabled' } }],
    ['moonshot-v1-8k', { temperature: 0.3 }, { temperature: 0.3 }],
    ['kimi-k3', { temperature: null }, {}],
  ])('%s: %o → %o', (model, before, after) => {
    expect(run('sampling-fixed', before as ChatRequest, { model }).request).toEqual(after);
  });

  test('says what it left out', () => {
    expect(run('sampling-fixed', { temperature: 0 }).repairs).toEqual([
      {
        rule: 'sampling-fixed',
        what: 'temperature 0 left out',
        changes: [{ member: 'temperature', before: 0, after: undefined }],
      },
    ]);
  });
});

test.each([
  [{ temperature: 1.7 }, { temperature: 1 }],
  [
    { temperature: 0, n: 3 },
    { temperature: 0, n: 1 },
  ],
  [
    { temperature: 0.5, n: 3 },
    { temperature: 0.5, n: 3 },
  ],
])('sampling-range: %o → %o', (before, after) => {
  expect(run('sampling-range', before, { model: 'moonshot-v1-8k' }).request).toEqual(after);
  expect(run('sampling-range', before, { model: 'kimi-k3' }).repairs).toEqual([]);
});

test('developer-role', () => {
  const before = {
    messages: [
      { role: 'developer', content: 'a' },
      { role: 'user', content: 'developer' },
    ],
  };
  expect(run('developer-role', before).request).toEqual({
    messages: [
      { role: 'system', content: 'a' },
      { role: 'user', content: 'developer' },
    ],
  });
  expect(run('developer-role', before, { surface: 'compatible' }).repairs).toEqual([]);
});

test('foreign-members', () => {
  expect(run('foreign-members', { store: false, seed: 1, unheard_of: 2 }).request).toEqual({ unheard_of: 2 });
});

describe('functions-to-tools', () => {
  const before = {
    functions: [{ name: 'f', parameters: {} }],
    function_call: { name: 'f' },
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '1' },
    ],
  };

  test('goes up as tools', () => {
    expect(run('functions-to-tools', before).request).toEqual({
      tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      messages: [
        { role: 'user', content: 'x' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'f:0', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', content: '1', tool_call_id: 'f:0' },
      ],
    });
  });

  test('comes back as functions, whole and streamed', () => {
    const { answer } = run('functions-to-tools', before);
    const call = { index: 0, id: 'f:0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    expect(
      answer.completion({
        choices: [
          { index: 0, message: { role: 'assistant', content: '', tool_calls: [call] }, finish_reason: 'tool_calls' },
        ],
      }),
    ).toEqual({
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: '', function_call: { name: 'f', arguments: '{"a":1}' } },
          finish_reason: 'function_call',
        },
      ],
    });
    const plain = { choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }] };
    expect(answer.completion(plain)).toBe(plain);
    expect(answer.chunk({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })).toEqual({
      choices: [{ index: 0, delta: { function_call: { name: 'f', arguments: '{"a":1}' } }, finish_reason: null }],
    });
  });
});

describe('the places of usage', () => {
  const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5, cached_tokens: 1 };
  const closing: ChatChunk = { id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] };
  const asks = { stream_options: { include_usage: true } };

  test('a client that asked gets one standard chunk', () => {
    const { answer } = run('usage-per-choice', asks, { stream: true });
    expect(answer.chunk(closing)).toEqual({ id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    expect(answer.end()).toEqual([{ id: 'x', choices: [], usage }]);
  });

  test('and no second one if the surface sent it itself', () => {
    const { answer } = run('usage-per-choice', asks, { stream: true });
    answer.chunk(closing);
    answer.chunk({ choices: [], usage });
    expect(answer.end()).toEqual([]);
  });

  test('several choices are added up', () => {
    const { answer } = run('usage-per-choice', asks, { stream: true });
    answer.chunk(closing);
    answer.chunk(closing);
    expect(answer.end()[0]?.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 6, total_tokens: 8 });
  });

  test('for a client that did not ask the closing chunk stays as it came', () => {
    const { answer } = run('usage-per-choice', {}, { stream: true });
    expect(answer.chunk(closing)).toBe(closing);
  });

  test('cached tokens are mirrored to where OpenAI has them', () => {
    const { answer } = run('cached-tokens-place', {});
    expect(answer.completion({ usage }).usage?.prompt_tokens_details).toEqual({ cached_tokens: 1 });
    const whole = { usage: { ...usage, prompt_tokens_details: { cached_tokens: 1 } } };
    expect(answer.completion(whole)).toBe(whole);
  });

  test('empty-choices: heartbeats go, usage stays for who asked', () => {
    expect(run('empty-choices', {}, { stream: true }).answer.chunk({ choices: [] })).toBeUndefined();
    expect(run('empty-choices', {}, { stream: true }).answer.chunk({ choices: [], usage })).toBeUndefined();
    expect(run('empty-choices', asks, { stream: true }).answer.chunk({ choices: [], usage })).toEqual({
      choices: [],
      usage,
    });
  });
});
