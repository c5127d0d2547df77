import { GatewayError } from '../../errors.ts';
import { isObject } from '../json-object.ts';
import type { MessagesRequest } from './messages.ts';

/** What a check says of a member that is not as it must be; undefined if it is. */
type Check = (value: unknown) => string | undefined;

const isObjectOrSays: Check = (value) => (isObject(value) ? undefined : 'must be an object');
const isString: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');
const isNumber: Check = (value) => (typeof value === 'number' ? undefined : 'must be a number');
const isBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const isCount: Check = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : 'must be a positive integer';

const listOf =
  (item: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    for (const [index, element] of value.entries()) {
      const wrong = item(element);
      if (wrong !== undefined) return `item ${index} ${wrong}`;
    }
    return undefined;
  };

const isBlock: Check = (value) =>
  isObject(value) && typeof value['type'] === 'string' ? undefined : 'must be a block with a type';
const isContent: Check = (value) => (typeof value === 'string' ? undefined : listOf(isBlock)(value));

const ROLES: readonly unknown[] = ['user', 'assistant', 'system'];

const isMessage: Check = (value) => {
  if (!isObject(value)) return 'must be an object';
  if (!ROLES.includes(value['role'])) return 'must have the role user or assistant';
  const wrong = isContent(value['content']);
  return wrong === undefined ? undefined : `has content that ${wrong}`;
};

const isHistory: Check = (value) =>
  Array.isArray(value) && value.length === 0 ? 'must have a message' : listOf(isMessage)(value);

const REQUIRED: Readonly<Record<string, Check>> = { model: isString, messages: isHistory, max_tokens: isCount };
const OPTIONAL: Readonly<Record<string, Check>> = {
  system: isContent,
  stream: isBoolean,
  tools: listOf(isObjectOrSays),
  tool_choice: isObjectOrSays,
  stop_sequences: listOf(isString),
  thinking: isObjectOrSays,
  output_config: isObjectOrSays,
  metadata: isObjectOrSays,
  temperature: isNumber,
  top_p: isNumber,
  top_k: isNumber,
};

/** A parsed body as a Messages request. What the codec relies on is checked; everything else is left as it is. */
export function readMessagesRequest(body: unknown): MessagesRequest {
  if (!isObject(body))
    throw new GatewayError('invalid_request', { message: 'The request body must be a JSON object.' });
  for (const [member, check] of Object.entries(REQUIRED)) {
    refuse(member, body[member] === undefined ? 'is required' : check(body[member]));
  }
  const present = Object.entries(body).filter(([, value]) => value !== null);
  for (const [member, value] of present) refuse(member, OPTIONAL[member]?.(value));
  // An explicit null says as much as a member that is not there.
  return Object.fromEntries(present);
}

function refuse(member: string, wrong: string | undefined): void {
  if (wrong === undefined) return;
  throw new GatewayError('invalid_request', { message: `${member}: ${wrong}`, param: member });
}
