import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';
import { isEmptyContent, readContent, tokenizable } from './content.ts';
import type { Message, Role, RuleContext, ToolCall } from './request.ts';

const ROLES: readonly string[] = ['system', 'user', 'assistant', 'tool'] satisfies Role[];

export function readMessages(value: unknown, context: RuleContext): Message[] {
  if (!Array.isArray(value)) throw invalid('Invalid request: messages must be an array');
  if (value.length === 0) throw invalid('Invalid request: messages must not be empty');
  return value.map((raw, index) => readMessage(raw, { ...context, index, isLast: index === value.length - 1 }));
}

interface Place extends RuleContext {
  readonly index: number;
  readonly isLast: boolean;
}

function readMessage(raw: unknown, place: Place): Message {
  if (!isObject(raw)) throw invalid(`Invalid request: the message at position ${place.index} must be an object`);
  const role = readRole(raw['role'], place);
  const partial = readPartial(raw, role, place);
  const toolCalls = role === 'assistant' ? readToolCalls(raw['tool_calls'], place) : [];
  checkEmpty(raw, role, { ...place, partial, hasCalls: toolCalls.length > 0 });
  const content = isEmptyContent(raw) ? { text: '', media: 0 } : readContent(raw['content'], { ...place, role });
  return { role, ...content, partial, toolCalls, raw, ...readExtras(raw) };
}

function readExtras(raw: JsonObject): Pick<Message, 'reasoning' | 'toolCallId'> {
  const { reasoning_content: reasoning, tool_call_id: toolCallId } = raw;
  if (!isAbsent(reasoning) && typeof reasoning !== 'string') {
    throw invalid('Invalid request: reasoning_content must be a string');
  }
  if (!isAbsent(toolCallId) && typeof toolCallId !== 'string') {
    throw invalid('Invalid request: tool_call_id must be a string');
  }
  return {
    reasoning: isAbsent(reasoning) ? undefined : tokenizable(reasoning),
    toolCallId: isAbsent(toolCallId) ? undefined : toolCallId,
  };
}

/**
 * The platform's own enumeration does not know OpenAI's `developer`, and its error says so (openclaw/openclaw PR 21911,
 * PR 22194); the coding surface names the role (earendil-works/pi PR 8109).
 */
function readRole(role: unknown, { service }: Place): Role {
  const known = ROLES.find((name) => name === role);
  if (known === undefined && service === 'coding') throw invalid(`role '${String(role)}' is not allowed`);
  if (known === undefined) throw invalid('Invalid request: unsupported role ROLE_UNSPECIFIED');
  return known as Role;
}

function readPartial(raw: JsonObject, role: Role, place: Place): boolean {
  const { partial } = raw;
  if (isAbsent(partial)) return false;
  if (typeof partial !== 'boolean') throw invalid('Invalid request: partial must be a boolean');
  if (partial && (role !== 'assistant' || !place.isLast)) {
    throw invalid('Invalid request: partial is only allowed on the last message with role assistant');
  }
  return partial;
}

/** MoonshotAI/kimi-code #1985 (empty message) and the vendor's command line client's tests (blank content next to tool calls). */
function checkEmpty(raw: JsonObject, role: Role, place: Place & { partial: boolean; hasCalls: boolean }): void {
  if (!isEmptyContent(raw)) return;
  const isEmptyText = typeof raw['content'] === 'string' || Array.isArray(raw['content']);
  if (role === 'assistant' && place.hasCalls) {
    if (isEmptyText) throw invalid('text content is empty');
    return;
  }
  if (role === 'assistant' && place.partial) return;
  if (role === 'user' || role === 'assistant') {
    throw invalid(`Invalid request: the message at position ${place.index} with role '${role}' must not be empty`);
  }
}

function readToolCalls(value: unknown, place: Place): ToolCall[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw invalid('Invalid request: tool_calls must be an array');
  return value.map((call: unknown) => {
    const target = isObject(call) ? call['function'] : undefined;
    if (!isObject(call) || !isObject(target)) {
      throw invalid(`Invalid request: tool_calls at position ${place.index} must have a function`);
    }
    const { name, arguments: text } = target;
    if (typeof name !== 'string' || name === '') throw invalid('Invalid request: tool_calls must have a function name');
    if (typeof call['id'] !== 'string' || call['id'] === '')
      throw invalid('Invalid request: tool_calls must have an id');
    if (typeof text !== 'string') throw invalid('Invalid request: function.arguments must be a string');
    return { id: call['id'], name, arguments: tokenizable(text) };
  });
}
