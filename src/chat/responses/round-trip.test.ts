import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkGrammar, responseSchema, responsesEvents } from '../../../test/responses-schema.ts';
import { writeNamedEvent } from '../../stream/sse-writer.ts';
import type { ChatCompletion, ChatMessage } from '../chat.ts';
import { unfold } from '../fold.ts';
import { call, inputPart, members, TOOLS, text, turn } from './fixture.ts';
import {
  frameOf,
  type Item,
  ResponsesEncoder,
  type ResponsesRequest,
  readResponsesRequest,
  toChatRequest,
  toResponse,
} from './index.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const completion = (message: ChatMessage): ChatCompletion => ({
  id: 'chatcmpl-1',
  model: 'k3',
  created: 7,
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, cached_tokens: 3 },
});

/** The request with its input in the hub, and what is needed to come back. */
function converted(request: ResponsesRequest) {
  const items = Array.isArray(request.input) ? (request.input as readonly Item[]) : [];
  const { request: hub, tools, notes } = toChatRequest(readResponsesRequest(request), items);
  let ids = 0;
  const frame = frameOf(request, { tools, newId: (prefix) => `${prefix}_${++ids}`, now: () => 7_000 });
  return { hub, notes, frame };
}

const withoutIds = (items: readonly Item[]) =>
  items.map((item) => {
    const { id: _, call_id: __, ...rest } = item;
    return rest;
  });

/** The items of a turn, with ids. */
function itemsOf([thought, said, calls]: typeof turn extends fc.Arbitrary<infer T> ? T : never, form: Item): Item[] {
  const reasoning =
    thought === '' ? [] : [{ ...form, type: 'reasoning', id: 'rs_1', status: 'completed', text: thought }];
  return [
    ...reasoning.map(({ text: said, ...item }) =>
      'summary' in form
        ? { ...item, summary: [{ type: 'summary_text', text: said }] }
        : { ...item, summary: [], content: [{ type: 'reasoning_text', text: said }] },
    ),
    ...said.map((item, index) => ({ id: `msg_${index}`, ...item })),
    ...calls.map((item, index) => ({ id: `fc_${index}`, call_id: `call_${index}`, ...item })),
  ];
}

describe('Responses → hub → Responses', () => {
  test('what the assistant said comes back as the same items', () => {
    fc.assert(
      fc.property(turn, fc.boolean(), (said, summary) => {
        const input = itemsOf(said, summary ? { summary: [] } : {});
        const request: ResponsesRequest = {
          input,
          tools: TOOLS,
          ...(summary ? { reasoning: { summary: 'auto' } } : {}),
        };
        const { hub, notes, frame } = converted(request);
        expect(notes).toEqual([]);
        expect(hub.messages).toHaveLength(1);
        const { output } = toResponse(completion(hub.messages?.[0] ?? {}), frame);
        expect(plain(withoutIds(output))).toEqual(plain(withoutIds(input)));
        const callIds = (items: readonly Item[]) => items.flatMap((item) => item['call_id'] ?? []);
        expect(callIds(output)).toEqual(callIds(input));
      }),
      { numRuns: 300 },
    );
  });

  test('an answer that is sent back is what the model said, sealed or not, with a result for each call', () => {
    fc.assert(
      fc.property(turn, fc.constantFrom('sealed', 'summary', 'text'), (said, form) => {
        const request: ResponsesRequest = {
          input: itemsOf(said, {}),
          tools: TOOLS,
          ...(form === 'text' ? {} : { reasoning: { summary: 'auto' } }),
          ...(form === 'sealed' ? { include: ['reasoning.encrypted_content'] } : {}),
        };
        const { hub, frame } = converted(request);
        const { output } = toResponse(completion(hub.messages?.[0] ?? {}), frame);
        const back = output.map((item) =>
          form === 'sealed' && item.type === 'reasoning' ? { ...item, summary: [] } : item,
        );
        const results = output.flatMap((item) =>
          typeof item['call_id'] === 'string'
            ? [{ type: 'function_call_output', call_id: item['call_id'], output: 'ok' }]
            : [],
        );
        const again = converted({ ...request, input: plain([...back, ...results]) }).hub.messages ?? [];
        expect(plain(again[0])).toEqual(plain(hub.messages?.[0]));
        expect(again.slice(1)).toEqual(
          results.map(({ call_id }) => ({ role: 'tool', tool_call_id: call_id, content: 'ok' })),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a stream ends with the response that a whole answer is, in OpenAI’s grammar', () => {
    fc.assert(
      fc.property(turn, members, (said, more) => {
        const request = { ...more, input: itemsOf(said, {}), tools: TOOLS } as ResponsesRequest;
        const { hub } = converted(request);
        const answer = completion(hub.messages?.at(-1) ?? {});
        const whole = toResponse(answer, converted(request).frame);
        const encoder = new ResponsesEncoder(converted(request).frame);
        const events = [...pieces(answer).flatMap((chunk) => encoder.add(chunk)), ...encoder.end()];
        expect(plain(encoder.response)).toEqual(plain(whole));
        const wire = events.map((event) => writeNamedEvent(event.type, event).toString()).join('');
        checkGrammar(responsesEvents(wire));
        expect(deltasOf(events, 'response.output_text.delta')).toBe(said[1].map(textOf).join(''));
      }),
      { numRuns: 200 },
    );
  });

  test('every member of the request is in the hub, in the response, or noted', () => {
    fc.assert(
      fc.property(members, (more) => {
        const request = { ...more, input: 'hi', tools: TOOLS, model: 'k3' } as ResponsesRequest;
        const { hub, notes, frame } = converted(request);
        const response = responseSchema.parse(plain(toResponse(completion({ content: 'x' }), frame)));
        for (const [member, value] of Object.entries(more)) {
          if (member === 'stream') expect(hub.stream === true).toBe(value);
          else if (member === 'reasoning') expect(response['reasoning']).toEqual(value);
          else expect(response[member]).toEqual(value);
        }
        expect(hub.max_completion_tokens).toBe(more.max_output_tokens);
        expect(hub.reasoning_effort).toBe(more.reasoning?.effort);
        expect(hub['verbosity']).toBe(more.text?.verbosity);
        expect([hub.temperature, hub.top_p]).toEqual([more.temperature, more.top_p]);
        const ignored = ['max_tool_calls', 'top_logprobs'].filter((member) => member in more);
        for (const member of ignored) expect(notes.join()).toContain(member);
      }),
      { numRuns: 300 },
    );
  });

  test('the parts of a user’s message are all there', () => {
    fc.assert(
      fc.property(
        fc.array(inputPart, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('user', 'developer', 'system'),
        (content, role) => {
          const [message] = converted({ input: [{ role, content }] }).hub.messages ?? [];
          expect(message?.role).toBe(role);
          expect(((message?.content ?? []) as object[]).map(backToInput)).toEqual(content.map(plain));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('results of every kind answer their calls', () => {
    fc.assert(
      fc.property(call, text, (made, said) => {
        const type = `${made.type.replace('tool_search_call', 'function_call')}_output`;
        const output =
          type === 'shell_call_output' ? [{ stdout: said, stderr: '', outcome: { type: 'exit', exit_code: 0 } }] : said;
        const result = type === 'local_shell_call_output' ? { id: 'fc_1', output } : { call_id: 'call_1', output };
        const input = [
          { ...made, id: 'fc_1', call_id: 'call_1' },
          { type, ...result },
        ];
        const { hub, notes } = converted({ input, tools: TOOLS });
        expect(notes).toEqual([]);
        expect(hub.messages).toMatchObject([{ role: 'assistant' }, { role: 'tool', tool_call_id: 'call_1' }]);
        expect(hub.messages?.[1]?.content).toContain(said);
      }),
      { numRuns: 200 },
    );
  });
});

/** The answer as a stream of small chunks. */
function pieces(answer: ChatCompletion) {
  return unfold(answer).flatMap((chunk) => {
    const [choice] = chunk.choices ?? [];
    const { reasoning_content: thought, content, tool_calls: calls = [] } = choice?.delta ?? {};
    const deltas: ChatMessage[] = [
      ...[...String(thought ?? '')].map((reasoning_content) => ({ reasoning_content })),
      ...[...String(content ?? '')].map((piece) => ({ content: piece })),
      ...calls.flatMap((one) => [
        { tool_calls: [{ ...one, function: { ...one.function, arguments: '' } }] },
        ...(one.function?.arguments ?? '')
          .split(/(?=[\\"u])/)
          .map((piece) => ({ tool_calls: [{ index: one.index ?? 0, function: { arguments: piece } }] })),
      ]),
    ];
    const base = { ...chunk, choices: [] };
    return [
      ...deltas.map((delta) => ({ ...base, choices: [{ index: 0, delta, finish_reason: null }] })),
      { ...base, choices: choice ? [{ index: 0, delta: {}, finish_reason: 'stop' }] : [] },
    ];
  });
}

function deltasOf(
  events: readonly { readonly type: string; readonly [member: string]: unknown }[],
  type: string,
): string {
  return events.map((event) => (event.type === type ? event['delta'] : '')).join('');
}

function textOf(item: Item): string {
  const [part] = item['content'] as readonly { readonly text: string }[];
  return part?.text ?? '';
}

/** The hub's part as the input part that it was. */
function backToInput(part: object): object {
  const { type, text: said, image_url: image, file } = part as Readonly<Record<string, unknown>>;
  if (type === 'text') return { type: 'input_text', text: said };
  if (type === 'file') return { type: 'input_file', ...(file as object) };
  const { url, detail = 'auto' } = image as { url: string; detail?: string };
  const source = url.startsWith('ms://') ? { file_id: url.slice('ms://'.length) } : { image_url: url };
  return { type: 'input_image', ...source, detail };
}
