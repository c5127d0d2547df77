import { messagesEvents } from '../anthropic-schema.ts';
import { dataOf } from '../openai-schema.ts';
import { responsesEvents } from '../responses-schema.ts';

/** What a client made of a stream, in one form for the three protocols. */
export interface Heard {
  reasoning: string;
  text: string;
  calls: { name: string; arguments: string }[];
  usage: { prompt: number; completion: number; cached: number };
  finish: string;
  isEnded: boolean;
}

export interface Client {
  readonly name: string;
  readonly path: string;
  request(model: string, hasTools: boolean): Readonly<Record<string, unknown>>;
  read(text: string): Heard;
}

type Members = Readonly<Record<string, unknown>>;

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' }, n: { type: 'integer' } } };
const CITY = { name: 'get_weather', description: 'Tells the weather.' };

const silence = (): Heard => ({
  ...{ reasoning: '', text: '', calls: [], usage: { prompt: 0, completion: 0, cached: 0 }, finish: '', isEnded: false },
});

const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, member) => (inner as Members | undefined | null)?.[member as string], value);
const textAt = (value: unknown, ...path: readonly (string | number)[]): string => String(at(value, ...path) ?? '');
const numberAt = (value: unknown, ...path: readonly (string | number)[]): number => Number(at(value, ...path) ?? 0);

const chat: Client = {
  name: 'OpenAI chat',
  path: '/v1/chat/completions',
  request: (model, hasTools) => ({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'Weather?' }],
    ...(hasTools ? { tools: [{ type: 'function', function: { ...CITY, parameters: PARAMETERS } }] } : {}),
  }),
  read(text) {
    const heard = silence();
    for (const data of dataOf(text)) {
      if (data === '[DONE]') heard.isEnded = true;
      else hearChunk(heard, JSON.parse(data));
    }
    return heard;
  },
};

function hearChunk(heard: Heard, chunk: unknown): void {
  const delta = at(chunk, 'choices', 0, 'delta');
  heard.reasoning += textAt(delta, 'reasoning_content');
  heard.text += textAt(delta, 'content');
  heard.finish += textAt(chunk, 'choices', 0, 'finish_reason');
  for (const call of (at(delta, 'tool_calls') ?? []) as unknown[]) {
    const index = numberAt(call, 'index');
    const known = heard.calls[index] ?? { name: '', arguments: '' };
    known.name += textAt(call, 'function', 'name');
    known.arguments += textAt(call, 'function', 'arguments');
    heard.calls[index] = known;
  }
  const usage = at(chunk, 'usage');
  if (!usage) return;
  heard.usage = {
    prompt: numberAt(usage, 'prompt_tokens'),
    completion: numberAt(usage, 'completion_tokens'),
    cached: numberAt(usage, 'prompt_tokens_details', 'cached_tokens'),
  };
}

/** Every protocol's word for an end, as OpenAI's chat says it. */
const ENDS: Readonly<Record<string, string>> = { end_turn: 'stop', tool_use: 'tool_calls' };

const messages: Client = {
  name: 'Anthropic Messages',
  path: '/v1/messages',
  request: (model, hasTools) => ({
    model,
    stream: true,
    max_tokens: 4_096,
    thinking: { type: 'enabled', budget_tokens: 2_048 },
    messages: [{ role: 'user', content: 'Weather?' }],
    ...(hasTools ? { tools: [{ ...CITY, input_schema: PARAMETERS }] } : {}),
  }),
  read(text) {
    const heard = silence();
    for (const event of messagesEvents(text)) hearEvent(heard, event);
    return heard;
  },
};

function hearEvent(heard: Heard, event: unknown): void {
  const type = textAt(event, 'type');
  if (type === 'content_block_start' && at(event, 'content_block', 'type') === 'tool_use') {
    heard.calls.push({ name: textAt(event, 'content_block', 'name'), arguments: '' });
  }
  heard.reasoning += textAt(event, 'delta', 'thinking');
  heard.text += textAt(event, 'delta', 'text');
  const call = heard.calls.at(-1);
  if (call) call.arguments += textAt(event, 'delta', 'partial_json');
  if (type === 'message_delta') {
    const reason = textAt(event, 'delta', 'stop_reason');
    heard.finish += ENDS[reason] ?? reason;
    const cached = numberAt(event, 'usage', 'cache_read_input_tokens');
    heard.usage = {
      prompt: numberAt(event, 'usage', 'input_tokens') + cached,
      completion: numberAt(event, 'usage', 'output_tokens'),
      cached,
    };
  }
  if (type === 'message_stop') heard.isEnded = true;
}

const responses: Client = {
  name: 'OpenAI Responses',
  path: '/v1/responses',
  request: (model, hasTools) => ({
    model,
    stream: true,
    store: false,
    input: 'Weather?',
    ...(hasTools ? { tools: [{ type: 'function', ...CITY, parameters: PARAMETERS, strict: false }] } : {}),
  }),
  read(text) {
    const heard = silence();
    for (const event of responsesEvents(text)) hearResponse(heard, event);
    return heard;
  },
};

function hearResponse(heard: Heard, event: unknown): void {
  const type = textAt(event, 'type');
  if (type === 'response.reasoning_text.delta' || type === 'response.reasoning_summary_text.delta') {
    heard.reasoning += textAt(event, 'delta');
  }
  if (type === 'response.output_text.delta') heard.text += textAt(event, 'delta');
  if (type === 'response.output_item.added' && at(event, 'item', 'type') === 'function_call') {
    heard.calls.push({ name: textAt(event, 'item', 'name'), arguments: '' });
  }
  const call = heard.calls.at(-1);
  if (call && type === 'response.function_call_arguments.delta') call.arguments += textAt(event, 'delta');
  if (type !== 'response.completed') return;
  const usage = at(event, 'response', 'usage');
  heard.usage = {
    prompt: numberAt(usage, 'input_tokens'),
    completion: numberAt(usage, 'output_tokens'),
    cached: numberAt(usage, 'input_tokens_details', 'cached_tokens'),
  };
  heard.finish = heard.calls.length > 0 ? 'tool_calls' : 'stop';
  heard.isEnded = true;
}

export const CLIENTS: readonly Client[] = [chat, messages, responses];
