import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatChunk, ChatCompletion, ToolCall } from '../../src/chat/chat.ts';
import { Fold } from '../../src/chat/fold.ts';
import { AnswerRepairs } from '../../src/dialect/repair-answer.ts';
import { tryRules } from '../../src/dialect/rule-trial.ts';
import { RULES } from '../../src/dialect/rules/index.ts';

/** Answers in all. */
const RUNS = 3_000;

const LEAK =
  '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city":"Paris"}<|tool_call_end|><|tool_calls_section_end|>';
const tool = (name: string) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
});
/** One name goes up as another. */
const REQUEST = {
  model: 'kimi-k2.6',
  messages: [{ role: 'user', content: 'hi' }],
  tools: [tool('get_weather'), tool('7zip.pack')],
};
/** Three of them are the gateway's own. */
const STOPS = { ...REQUEST, stop: ['a!', 'b!', 'c!', 'd!', 'e!', 'STOP', 'HALT', 'x'.repeat(40)] };
const ALIAS = /"name":"((?:tool_)?7zip[^"]*)"/.exec(tryRules(RULES, REQUEST).after.toString())?.[1] ?? '';

const words = (rare: string) =>
  fc.array(
    fc.constantFrom(rare, 'Hi', ' ', '好', '🌞', '<', '<|', '<|tool_calls_section', '|>', 'STO', 'HAL', 'T', '{'),
    { maxLength: 6 },
  );
const args = fc.constantFrom('{"city":"Paris"}', '{}', '', '{"city":"Par', '{"city":["a","b"', '{"a":{"b":1}');
const call = fc.record({ name: fc.constantFrom('get_weather', ALIAS), args });
const answer = (rare: string) =>
  fc.record({
    content: words(rare).map((list) => list.join('')),
    thoughts: words(rare).map((list) => list.join('')),
    calls: fc.array(call, { maxLength: 2 }),
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
  });
type Answer = ReturnType<typeof answer> extends fc.Arbitrary<infer T> ? T : never;

const finishOf = ({ calls }: Answer) => (calls.length > 0 ? 'tool_calls' : 'stop');
const USAGE = { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18, cached_tokens: 4 };

function whole(made: Answer): ChatCompletion {
  const calls = made.calls.map(({ name, args: text }, index) => ({
    ...{ id: `${name}:${index}`, type: 'function', function: { name, arguments: text } },
  }));
  const message = {
    ...{ role: 'assistant', content: made.content, reasoning_content: made.thoughts },
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return { id: 'x', choices: [{ index: 0, message, finish_reason: finishOf(made) }], usage: USAGE };
}

function pieces(text: string, cuts: readonly number[]): string[] {
  const letters = Array.from(text);
  const out: string[] = [];
  for (let at = 0, turn = 0; at < letters.length; turn++) {
    const size = cuts[turn % cuts.length] ?? 1;
    out.push(letters.slice(at, at + size).join(''));
    at += size;
  }
  return out;
}

function streamed(made: Answer): ChatChunk[] {
  const deltas: Record<string, unknown>[] = [
    { role: 'assistant', content: '' },
    ...pieces(made.thoughts, made.cuts).map((text) => ({ reasoning_content: text })),
    ...pieces(made.content, made.cuts).map((text) => ({ content: text })),
    ...made.calls.flatMap(({ name, args: text }, index) => [
      { tool_calls: [{ index, id: `${name}:${index}`, type: 'function', function: { name, arguments: '' } }] },
      ...pieces(text, made.cuts).map((more) => ({ tool_calls: [{ index, function: { arguments: more } }] })),
    ]),
  ];
  return [
    ...deltas.map((delta) => ({ id: 'x', choices: [{ index: 0, delta, finish_reason: null }] })),
    { id: 'x', choices: [{ index: 0, delta: {}, finish_reason: finishOf(made), usage: USAGE }] },
  ];
}

/** As it passes the gateway: chunks that concern no repair stay unread. */
function passed(request: object, made: Answer): ChatChunk[] {
  const { answerRepairs } = tryRules(RULES, request, { model: 'kimi-k2.6', stream: true, includeUsage: true });
  const repairs = new AnswerRepairs(answerRepairs);
  const out = streamed(made).flatMap((chunk) => {
    const kept = repairs.concern(Buffer.from(JSON.stringify(chunk))) ? repairs.chunk(chunk) : chunk;
    return kept === undefined ? [] : [kept];
  });
  return [...out, ...repairs.end()];
}

/** What a client makes of it: ids of recovered calls aside, which count on from what is there. */
function told(completion: ChatCompletion) {
  const { message = {}, finish_reason: reason } = completion.choices?.[0] ?? {};
  const calls = (message.tool_calls ?? []).map(({ function: target }: ToolCall) => ({
    name: target?.name,
    arguments: JSON.parse(target?.arguments ?? '') as unknown,
  }));
  const byText = (one: unknown, other: unknown) => JSON.stringify(one).localeCompare(JSON.stringify(other));
  return {
    content: message.content ?? '',
    thoughts: message.reasoning_content ?? '',
    calls: calls.toSorted(byText),
    reason,
  };
}

test.each([
  { what: 'calls as text', rare: LEAK, request: REQUEST },
  { what: 'stops of the gateway', rare: 'STOP', request: STOPS },
])('an answer with $what is repaired alike, whole or in any pieces', ({ rare, request }) => {
  const property = fc.property(answer(rare), (made) => {
    const { answerRepairs } = tryRules(RULES, request, { model: 'kimi-k2.6', stream: false });
    const complete = told(new AnswerRepairs(answerRepairs).completion(whole(made)));
    const fold = new Fold();
    for (const chunk of passed(request, made)) fold.add(chunk);
    expect(told(fold.completion())).toEqual(complete);
    const names = complete.calls.map(({ name }) => name);
    expect(names.every((name) => name === 'get_weather' || name === '7zip.pack')).toBe(true);
    expect(complete.reason === 'tool_calls').toBe(names.length > 0);
  });
  fc.assert(property, { numRuns: RUNS });
});
