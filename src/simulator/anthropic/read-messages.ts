import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';
import { readBlocks, readText } from './blocks.ts';

/** Documented for k3 are three efforts; all five of Anthropic's words were taken (NousResearch/hermes-agent PR 67231, July 2026). */
const EFFORTS: Readonly<Record<string, string>> = {
  low: 'low',
  medium: 'high',
  high: 'high',
  xhigh: 'max',
  max: 'max',
};

const CHOICES: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' };

/**
 * A request of the Anthropic face in the words of the chat face, so that one set of rules serves both. The rules of the
 * shape itself are checked here; their sentences are ours. Members that nobody knows are ignored.
 */
export function readMessagesBody(body: JsonObject): JsonObject {
  const { model, max_tokens: cap, stop_sequences, stream, temperature, top_p } = body;
  if (isAbsent(cap)) throw invalid('max_tokens: Field required');
  return {
    model,
    messages: [...readSystem(body['system']), ...readHistory(body['messages'])],
    max_tokens: cap,
    stop: stop_sequences,
    stream,
    temperature,
    top_p,
    tools: readTools(body['tools']),
    tool_choice: readChoice(body['tool_choice']),
    thinking: readThinking(body['thinking']),
    ...readOutput(body['output_config']),
  };
}

function readSystem(system: unknown): JsonObject[] {
  return isAbsent(system) ? [] : [{ role: 'system', content: readText(system, 'system') }];
}

function readHistory(messages: unknown): JsonObject[] {
  if (!Array.isArray(messages)) throw invalid('messages: Field required');
  return messages.flatMap((message: unknown, index) => {
    if (!isObject(message)) throw invalid(`messages.${index}: must be an object`);
    const { role, content } = message;
    // Claude Code sends system messages inside the list, and the vendor's guide recommends Claude Code.
    if (role === 'system') return [{ role, content: readText(content, `messages.${index}`) }];
    if (role !== 'user' && role !== 'assistant') throw invalid(`messages.${index}.role: must be user or assistant`);
    const made = readBlocks(role, content, `messages.${index}`);
    const isPrefill = index === messages.length - 1 && role === 'assistant' && !made.some((one) => 'tool_calls' in one);
    return isPrefill ? made.map((one) => ({ ...one, partial: true })) : made;
  });
}

function readTools(tools: unknown): unknown {
  if (isAbsent(tools)) return undefined;
  if (!Array.isArray(tools)) throw invalid('tools: must be an array');
  return tools.map((tool: unknown, index) => {
    if (!isObject(tool)) throw invalid(`tools.${index}: must be an object`);
    const { type, name, description, input_schema: parameters, strict } = tool;
    if (!isAbsent(type) && type !== 'custom')
      throw invalid(`tools.${index}: tool type "${String(type)}" is not supported`);
    if (!isObject(parameters)) throw invalid(`tools.${index}.input_schema: Field required`);
    return { type: 'function', function: { name, description, parameters, strict } };
  });
}

function readChoice(choice: unknown): unknown {
  if (isAbsent(choice)) return undefined;
  const type = isObject(choice) ? choice['type'] : undefined;
  if (isObject(choice) && type === 'tool') return { type: 'function', function: { name: choice['name'] } };
  const word = CHOICES[String(type)];
  if (word === undefined) throw invalid(`tool_choice.type: ${JSON.stringify(type ?? null)} is not supported`);
  return word;
}

function readThinking(thinking: unknown): unknown {
  if (isAbsent(thinking)) return undefined;
  const type = isObject(thinking) ? thinking['type'] : undefined;
  if (type === 'adaptive' || type === 'enabled') return { type: 'enabled' };
  if (type === 'disabled') return { type };
  throw invalid('thinking.type: must be enabled, adaptive or disabled');
}

function readOutput(config: unknown): JsonObject {
  if (isAbsent(config)) return {};
  if (!isObject(config)) throw invalid('output_config: must be an object');
  const { effort, format } = config;
  const word = EFFORTS[String(effort)];
  if (!isAbsent(effort) && word === undefined) {
    throw invalid(`output_config.effort value ${JSON.stringify(effort)} is not supported`);
  }
  if (isAbsent(format)) return { reasoning_effort: word };
  if (!isObject(format) || format['type'] !== 'json_schema') throw invalid('output_config.format: must be json_schema');
  const json_schema = { name: 'output', schema: format['schema'] };
  return { reasoning_effort: word, response_format: { type: 'json_schema', json_schema } };
}
