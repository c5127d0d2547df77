import type { ChatRequest } from '../chat.ts';
import { given, isObject, type JsonObject, orNothing, rest } from '../json-object.ts';
import { Notes } from '../notes.ts';
import { carry } from './carried.ts';
import { toHubMessages } from './history-to-hub.ts';
import type { MessagesRequest } from './messages.ts';
import { toHubThinking } from './thinking.ts';
import { toHubChoice, toHubTools } from './tools.ts';

/** Members that are said in the hub's words; every other one is carried. */
const SAID = [
  'model',
  'messages',
  'max_tokens',
  'system',
  'stream',
  'tools',
  'tool_choice',
  'stop_sequences',
  'thinking',
  'output_config',
  'metadata',
  'temperature',
  'top_p',
  'top_k',
];

/** A Messages request as a chat request, with notes of what only an Anthropic face can make use of. */
export function toChatRequest(request: MessagesRequest): { request: ChatRequest; notes: string[] } {
  const notes = new Notes();
  const { model, messages = [], max_tokens, system, stream, temperature, top_p, top_k, stop_sequences } = request;
  const { tools, foreign, search } = toHubTools(request.tools, notes);
  const thinking = toHubThinking(request);
  const others = orNothing(rest(request, ...SAID));
  for (const member of Object.keys(others ?? {})) notes.add(`${member} reaches only an Anthropic face`);
  return {
    request: {
      ...given('model', model),
      messages: toHubMessages(system, messages, notes),
      ...given('max_completion_tokens', max_tokens),
      ...(stream === undefined ? {} : { stream, ...(stream ? { stream_options: { include_usage: true } } : {}) }),
      ...given('temperature', temperature),
      ...given('top_p', top_p),
      ...given('top_k', top_k),
      ...given('stop', stop_sequences),
      ...given('tools', tools),
      ...given('web_search_options', search),
      ...toHubChoice(request.tool_choice, notes),
      ...thinking.members,
      ...ownerOf(request.metadata),
      ...carry({ ...thinking.carried, foreign, others }),
    },
    notes: notes.list(),
  };
}

/**
 * Claude Code's `user_id` names user and session, which is what `prompt_cache_key` is for: both are the session's name on
 * their faces (MoonshotAI/kimi-code kosong).
 */
function ownerOf(metadata: MessagesRequest['metadata']): JsonObject {
  if (!isObject(metadata)) return {};
  const user = metadata.user_id;
  return { metadata, ...(typeof user === 'string' ? { prompt_cache_key: user } : {}) };
}
