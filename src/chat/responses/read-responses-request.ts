import { GatewayError } from '../../errors.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import type { ResponsesRequest } from './responses.ts';

/** What a check says of a member that is not as it must be; undefined if it is. */
type Check = (value: unknown) => string | undefined;

const isText: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');
const isNumber: Check = (value) => (typeof value === 'number' ? undefined : 'must be a number');
const isFlag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const isMap: Check = (value) => (isObject(value) ? undefined : 'must be an object');
const isList: Check = (value) => (Array.isArray(value) ? undefined : 'must be an array');
const isListOfObjects: Check = (value) =>
  Array.isArray(value) && value.every(isObject) ? undefined : 'must be an array of objects';
const isTextOrItems: Check = (value) =>
  typeof value === 'string' || isListOfObjects(value) === undefined
    ? undefined
    : 'must be a string or an array of items';
const isConversation: Check = (value) => {
  const id = isObject(value) ? value['id'] : value;
  return typeof id === 'string' && id !== '' ? undefined : 'must be an id, or an object with one';
};

/** Members whose wrong kind would be met somewhere deep inside. What nobody here reads is not checked. */
const CHECKS: Readonly<Record<string, Check>> = {
  model: isText,
  input: isTextOrItems,
  instructions: isTextOrItems,
  tools: isListOfObjects,
  parallel_tool_calls: isFlag,
  previous_response_id: isText,
  conversation: isConversation,
  stream: isFlag,
  store: isFlag,
  background: isFlag,
  include: isList,
  truncation: isText,
  max_output_tokens: isNumber,
  temperature: isNumber,
  top_p: isNumber,
  top_logprobs: isNumber,
  metadata: isMap,
  reasoning: isMap,
  text: isMap,
};

/** The body of POST /v1/responses, narrowed once: members that are null count as not said. Throws invalid_request. */
export function readResponsesRequest(value: unknown): ResponsesRequest {
  if (!isObject(value))
    throw new GatewayError('invalid_request', { message: 'The request body must be a JSON object.' });
  const said = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  for (const [member, check] of Object.entries(CHECKS)) {
    const wrong = member in said ? check(said[member]) : undefined;
    if (wrong !== undefined) throw invalid(member, `\`${member}\` ${wrong}.`);
  }
  checkTogether(said);
  return said as ResponsesRequest;
}

function checkTogether({ input, prompt, previous_response_id, conversation, background, store }: JsonObject): void {
  if (prompt !== undefined) {
    throw invalid(
      'prompt',
      'Prompt templates are kept by OpenAI and cannot be read here; send `instructions` and `input`.',
    );
  }
  if (previous_response_id !== undefined && conversation !== undefined) {
    throw invalid('conversation', '`previous_response_id` and `conversation` cannot be used together.');
  }
  if (input === undefined && previous_response_id === undefined && conversation === undefined) {
    throw invalid('input', '`input` is missing.');
  }
  if (background === true && store === false) {
    throw invalid('background', '`background` needs `store`: the answer is fetched later.');
  }
}

function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', { message, param });
}
