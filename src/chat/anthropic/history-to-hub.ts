import type { ChatMessage } from '../chat.ts';
import { given, isObject, rest, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { toAssistant } from './assistant.ts';
import { CARRIED, carriedOf, carry } from './carried.ts';
import { toParts } from './content.ts';
import type { AnthropicMessage, Block } from './messages.ts';

/** Whether a message of the hub joins the one before it in one message of Anthropic's, where nothing else is carried. */
export function joinsByDefault(before: ChatMessage | undefined, message: ChatMessage): boolean {
  // The results of parallel calls stand in one message, and strict faces want roles to alternate; but results and the
  // user's own words stay apart (MoonshotAI/kimi-code kosong, merge rule of anthropic.ts).
  const kind = kindOf(message);
  return kind !== undefined && before !== undefined && kindOf(before) === kind;
}

/** Of those that stand in Anthropic's messages of the user. */
function kindOf(message: ChatMessage): 'result' | 'said' | undefined {
  if (message.role === 'tool') return 'result';
  const isOwnMessage = message.role === 'assistant' || carriedOf(message)['inside'] === true;
  return isOwnMessage ? undefined : 'said';
}

/** `system` and `messages` as one list of the hub. */
export function toHubMessages(
  system: string | readonly Block[] | undefined,
  messages: readonly AnthropicMessage[],
  notes: Notes,
): ChatMessage[] {
  const history: ChatMessage[] = [];
  if (system !== undefined && system.length > 0) {
    history.push({ role: 'system', content: typeof system === 'string' ? system : toParts(system, notes) });
  }
  const leading = history.length;
  for (const message of messages) {
    for (const [index, made] of toHub(message, notes).entries()) {
      const joins = index > 0;
      const before = history.length > leading ? history.at(-1) : undefined;
      const isUsual = joins === joinsByDefault(before, made);
      history.push(isUsual ? made : { ...made, [CARRIED]: { ...carriedOf(made), joins } });
    }
  }
  return markPrefill(history);
}

/** Anthropic continues a last message of the assistant; Kimi wants to be told so (platform docs, partial mode). */
function markPrefill(history: ChatMessage[]): ChatMessage[] {
  const last = history.at(-1);
  if (last?.role !== 'assistant' || last.tool_calls?.length) return history;
  return [...history.slice(0, -1), { ...last, partial: true }];
}

function toHub(message: AnthropicMessage, notes: Notes): ChatMessage[] {
  const { role, content = '' } = message;
  if (role === 'assistant') return [toAssistant(content, notes)];
  if (role === 'system') {
    // Claude Code does this. It stays where it is; a face that knows only one system prompt gets it in its own way.
    return [
      { role, content: typeof content === 'string' ? content : toParts(content, notes), ...carry({ inside: true }) },
    ];
  }
  if (typeof content === 'string') return [{ role: 'user', content }];
  const results = content.filter((block) => block.type === 'tool_result');
  const others = content.filter((block) => block.type !== 'tool_result');
  if (results.length > 0 && content.slice(0, results.length).some((block) => block.type !== 'tool_result')) {
    notes.add('tool results are moved before the rest of their message');
  }
  const said: ChatMessage[] =
    others.length > 0 || results.length === 0 ? [{ role: 'user', content: toParts(others, notes) }] : [];
  return [...results.map((block) => toResult(block, notes)), ...said];
}

function toResult(block: Block, notes: Notes): ChatMessage {
  const { tool_use_id, content = '', cache_control } = block;
  return {
    role: 'tool',
    tool_call_id: textOr(tool_use_id, ''),
    content: Array.isArray(content) ? toParts(content.filter(isObject), notes) : textOr(content, ''),
    ...given('cache_control', cache_control),
    ...carry(rest(block, 'type', 'tool_use_id', 'content', 'cache_control')),
  };
}
