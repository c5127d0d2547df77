import { describe, expect, test } from 'vitest';
import { Notes } from '../notes.ts';
import { toAssistantContent } from './assistant.ts';
import { MessagesDecoder, toAnthropicError, toChatRequest, toMessagesRequest, withoutCarried } from './index.ts';
import type { MessagesRequest } from './messages.ts';

const hub = (request: MessagesRequest) => toChatRequest({ model: 'm', max_tokens: 9, messages: [], ...request });
const face = (request: Parameters<typeof toMessagesRequest>[0], efforts?: readonly string[]) =>
  toMessagesRequest(request, { maxOutput: 5, ...(efforts ? { efforts } : {}) });

test('what Claude Code sends', () => {
  const { request, notes } = hub({
    system: [{ type: 'text', text: 'You are', cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'system', content: 'Be brief.' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'bW9vbmdhdGU=' },
          { type: 'tool_use', id: 'Bash_0', name: 'Bash', input: { command: 'ls' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'Bash_0', content: 'x', is_error: true }] },
    ],
    stream: true,
    tools: [
      { name: 'Bash', input_schema: { type: 'object' } },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high' },
    context_management: { edits: [] },
    metadata: { user_id: '{"session":"s"}' },
  });
  expect(request).toMatchObject({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'You are', cache_control: { type: 'ephemeral' } }] },
      { role: 'user' },
      { role: 'system', content: 'Be brief.' },
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        tool_calls: [{ id: 'Bash_0', type: 'function', function: { name: 'Bash', arguments: '{"command":"ls"}' } }],
      },
      { role: 'tool', tool_call_id: 'Bash_0', content: 'x' },
    ],
    max_completion_tokens: 9,
    stream_options: { include_usage: true },
    tool_choice: 'required',
    parallel_tool_calls: false,
    reasoning_effort: 'high',
    prompt_cache_key: '{"session":"s"}',
  });
  expect(request.tools).toHaveLength(1);
  expect(request.thinking).toBeUndefined();
  expect(request['web_search_options']).toEqual({ offered: true });
  expect(notes).toEqual(['context_management reaches only an Anthropic face']);
  expect(JSON.stringify(withoutCarried(request))).not.toMatch(/anthropic|cache_control/);
});

describe('thinking', () => {
  test.each([
    [{ type: 'disabled' }, undefined, 'disabled', undefined],
    [{ type: 'enabled', budget_tokens: 1_024 }, undefined, 'enabled', 'low'],
    [{ type: 'enabled', budget_tokens: 8_192 }, undefined, 'enabled', 'high'],
    [{ type: 'enabled', budget_tokens: 31_999 }, undefined, 'enabled', 'max'],
    [{ type: 'enabled', budget_tokens: 1_024 }, { effort: 'max' }, 'enabled', 'max'],
    [{ type: 'adaptive' }, undefined, undefined, undefined],
    [undefined, { effort: 'xhigh' }, undefined, 'xhigh'],
  ])('%j with %j means %s, %s', (thinking, output_config, type, effort) => {
    const { request } = hub({ ...(thinking ? { thinking } : {}), ...(output_config ? { output_config } : {}) });
    expect([request.thinking?.type, request.reasoning_effort]).toEqual([type, effort]);
  });

  test('a face that has efforts is always told one', () => {
    const efforts = ['low', 'high', 'max'];
    const said = (request: Parameters<typeof face>[0], list: readonly string[]) => {
      const { thinking, output_config } = face(request, list).request;
      return [thinking?.type, output_config?.effort];
    };
    expect(said({}, efforts)).toEqual(['enabled', 'high']);
    expect(said(hub({ thinking: { type: 'adaptive' } }).request, efforts)).toEqual(['adaptive', 'high']);
    expect(said({ reasoning_effort: 'minimal' }, efforts)).toEqual(['enabled', 'low']);
    expect(said({ reasoning_effort: 'none' }, efforts)).toEqual(['disabled', undefined]);
    expect(said({ thinking: { type: 'enabled', effort: 'max' }, reasoning_effort: 'low' }, efforts)).toEqual([
      'enabled',
      'max',
    ]);
    expect(said({ reasoning_effort: 'high' }, [])).toEqual([undefined, undefined]);
  });

  test('preserved thinking becomes context management', () => {
    expect(face({ thinking: { type: 'enabled', keep: 'all' } }).request['context_management']).toEqual({
      edits: [{ type: 'clear_thinking_20251015', keep: 'all' }],
    });
  });
});

describe('a chat request for an Anthropic face', () => {
  test('says what has no counterpart', () => {
    const { request, notes } = face({
      messages: [
        { role: 'user', name: 'ann', content: [{ type: 'input_audio', input_audio: {} }] },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'and' },
        { role: 'developer', content: 'late' },
      ],
      n: 2,
      seed: 1,
      presence_penalty: 0,
      temperature: 1.5,
      metadata: { a: 'b' },
      user: 'u',
      response_format: { type: 'json_object' },
      max_tokens: 3,
    });
    expect(notes).toEqual([
      'names of speakers have no counterpart',
      'a part of type input_audio has no counterpart',
      'an empty message of the assistant is left out',
      'a system message inside the history is given as a marked message of the user',
      'n has no counterpart',
      'seed has no counterpart',
      'response_format json_object has no counterpart; the system prompt asks for it',
      'temperature lowered to 1',
      'metadata has no counterpart',
    ]);
    expect(request).toMatchObject({
      max_tokens: 3,
      metadata: { user_id: 'u' },
      system: 'Answer with one JSON object and nothing else.',
    });
    expect(request.messages?.[0]?.content).toHaveLength(3);
    expect(request.messages?.[0]?.content?.at(-1)).toEqual({
      type: 'text',
      text: '<system>late</system>',
    });
  });

  test('a history of system messages only still has a message', () => {
    const { request } = face({
      messages: [
        { role: 'system', content: 'a' },
        { role: 'system', content: 'b' },
      ],
    });
    expect([request.system, request.messages]).toEqual([
      'a',
      [{ role: 'user', content: [{ type: 'text', text: '<system>b</system>' }] }],
    ]);
  });

  test('a last message of the assistant is continued, whether it is meant so or not', () => {
    const notes = (partial: boolean) => face({ messages: [{ role: 'assistant', content: 'a', partial }] }).notes;
    expect([notes(true), notes(false)]).toEqual([[], ['the last message of the assistant is continued']]);
  });

  test('results of parallel calls stand in one message, and the user’s words apart', () => {
    const { messages } = face({
      messages: [
        { role: 'tool', tool_call_id: 'a', content: '1' },
        { role: 'tool', tool_call_id: 'b', content: '2' },
        { role: 'user', content: 'x' },
        { role: 'user', content: 'y' },
      ],
    }).request;
    expect(messages?.map(({ content }) => content?.length)).toEqual([2, 2]);
  });

  test('empty reasoning stays where calls need it; broken arguments do not break it', () => {
    const notes = new Notes();
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"a' } };
    expect(toAssistantContent({ content: null, reasoning_content: '', tool_calls: [call] }, notes)).toEqual([
      { type: 'thinking', thinking: '' },
      { type: 'tool_use', id: 'a', name: 'f', input: { arguments: '{"a' } },
    ]);
    expect(notes.list()).toHaveLength(1);
  });

  test('a layout that a repair has made untrue is not used', () => {
    const { request } = hub({
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    });
    const [message] = request.messages ?? [];
    expect(toAssistantContent({ ...message, content: 'abc' }, new Notes())).toEqual([{ type: 'text', text: 'abc' }]);
  });
});

test('the decoder bears anything', () => {
  const decoder = new MessagesDecoder({ created: 1, includeUsage: false, carries: true });
  const odd = [
    null,
    3,
    {},
    { type: 'ping' },
    { type: 'content_block_delta', index: 7 },
    { type: 'content_block_stop' },
  ];
  expect(odd.flatMap((event) => decoder.add(event))).toEqual([]);
  expect(decoder.add({ type: 'error', error: { type: 'overloaded_error', message: 'x' } })).toEqual([
    { error: { type: 'overloaded_error', message: 'x' } },
  ]);
  decoder.add({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 'a', name: 'f', input: { b: 1 } },
  });
  expect(decoder.add({ type: 'content_block_stop', index: 0 })).toMatchObject([
    { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"b":1}' } }] } }] },
  ]);
});

test.each([
  [400, undefined, 'invalid_request_error'],
  [401, undefined, 'authentication_error'],
  [403, undefined, 'permission_error'],
  [404, 'unknown_model', 'not_found_error'],
  [413, undefined, 'request_too_large'],
  [418, undefined, 'invalid_request_error'],
  [429, 'rate_limited', 'rate_limit_error'],
  [429, 'overloaded', 'overloaded_error'],
  [502, undefined, 'api_error'],
  [529, undefined, 'overloaded_error'],
])('%i %s is a %s', (status, code, type) => {
  const error = { status, message: 'm', ...(code ? { code } : {}), hint: 'h' };
  expect(toAnthropicError(error)).toEqual({
    type: 'error',
    error: { type, message: 'm h', ...(code ? { code } : {}) },
  });
});
