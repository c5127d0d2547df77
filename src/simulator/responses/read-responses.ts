import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';

/** Items that this face does not know are refused without a name (HALRO: measured on the service, 2026; CLIProxyAPI #5647). */
const UNKNOWN_ITEM = 'Invalid request Error';

/**
 * A request of the Responses face in the words of the chat face, so that one set of rules serves both. Nothing is kept
 * between requests; members that nobody knows are ignored.
 */
export function readResponsesBody(body: JsonObject): JsonObject {
  const { model, instructions, max_output_tokens, stream, temperature, top_p, reasoning } = body;
  const system = isAbsent(instructions) ? [] : [{ role: 'system', content: instructions }];
  return {
    model,
    messages: [...system, ...readInput(body['input'])],
    max_tokens: max_output_tokens,
    stream,
    temperature,
    top_p,
    tools: readTools(body['tools']),
    tool_choice: readChoice(body['tool_choice']),
    reasoning_effort: isObject(reasoning) ? reasoning['effort'] : undefined,
    ...readFormat(body['text']),
  };
}

function readInput(input: unknown): JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (!Array.isArray(input)) throw invalid('Invalid request: input is required');
  const messages: JsonObject[] = [];
  // A thought and calls belong to the message of the assistant that they stand beside.
  let turn: Record<string, unknown> | undefined;
  const assistant = (): Record<string, unknown> => {
    if (turn === undefined) {
      turn = { role: 'assistant', content: null };
      messages.push(turn);
    }
    return turn;
  };
  for (const item of input as readonly unknown[]) {
    if (!isObject(item)) throw invalid(UNKNOWN_ITEM);
    const { type = 'message', role, content } = item;
    if (type === 'reasoning') assistant()['reasoning_content'] = textIn(item['content']) || textIn(item['summary']);
    else if (type === 'function_call') addCall(assistant(), item);
    else if (type === 'message' && role === 'assistant') assistant()['content'] = textIn(content);
    else {
      turn = undefined;
      messages.push(readOther(type, item));
    }
  }
  return messages;
}

function addCall(turn: Record<string, unknown>, { call_id: id, name, arguments: text }: JsonObject): void {
  const calls = Array.isArray(turn['tool_calls']) ? (turn['tool_calls'] as readonly unknown[]) : [];
  turn['tool_calls'] = [...calls, { id, type: 'function', function: { name, arguments: text } }];
}

function readOther(type: unknown, item: JsonObject): JsonObject {
  if (type === 'message') return { role: item['role'], content: readParts(item['content']) };
  if (type !== 'function_call_output') throw invalid(UNKNOWN_ITEM);
  return { role: 'tool', tool_call_id: item['call_id'], content: readParts(item['output']) };
}

function readParts(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) => {
    if (!isObject(part)) throw invalid(UNKNOWN_ITEM);
    const { type, text, image_url: url } = part;
    if (type === 'input_text' || type === 'output_text') return { type: 'text', text };
    if (type === 'input_image') return { type: 'image_url', image_url: { url } };
    throw invalid(UNKNOWN_ITEM);
  });
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isObject(part) ? String(part['text'] ?? '') : '')).join('');
}

/** `function`, and Kimi's own `namespace`, a list of functions under one name; nothing else (CLIProxyAPI #5656). */
function readTools(tools: unknown): unknown {
  if (isAbsent(tools)) return undefined;
  if (!Array.isArray(tools)) throw invalid('tools: must be an array');
  return tools.flatMap((tool: unknown, index) => {
    const type = isObject(tool) ? tool['type'] : undefined;
    if (isObject(tool) && type === 'function') return [toFunction(tool)];
    if (isObject(tool) && type === 'namespace' && Array.isArray(tool['tools'])) {
      return tool['tools'].filter(isObject).map(toFunction);
    }
    throw invalid(`tools.${index}: tool type "${String(type)}" is not supported`);
  });
}

const toFunction = ({ name, description, parameters, strict }: JsonObject) => ({
  type: 'function',
  function: { name, description, parameters, strict },
});

function readChoice(choice: unknown): unknown {
  if (!isObject(choice)) return choice;
  return choice['type'] === 'function' ? { type: 'function', function: { name: choice['name'] } } : choice;
}

/** Of formats only a schema (HALRO). */
function readFormat(text: unknown): JsonObject {
  const format = isObject(text) ? text['format'] : undefined;
  if (!isObject(format) || format['type'] === 'text') return {};
  if (format['type'] !== 'json_schema') throw invalid('text.format: must be json_schema');
  const { name = 'output', schema, strict } = format;
  return { response_format: { type: 'json_schema', json_schema: { name, schema, strict } } };
}
