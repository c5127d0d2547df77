import { isSearchType } from '../../chat/web-search.ts';

/** In what shape a client speaks to the gateway: the path that it would use. */
export const CLIENT_PROTOCOLS = {
  chat: '/v1/chat/completions',
  anthropic: '/v1/messages',
  responses: '/v1/responses',
  completions: '/v1/completions',
} as const;

export type ClientProtocol = keyof typeof CLIENT_PROTOCOLS;

type Members = Readonly<Record<string, unknown>>;

/** Members that only Anthropic's requests have. */
const ANTHROPIC = ['system', 'stop_sequences', 'anthropic_version', 'context_management', 'output_config', 'container'];
const ANTHROPIC_BLOCKS = ['tool_use', 'tool_result', 'thinking', 'redacted_thinking', 'image', 'document'];

/** What a body looks like. One that could be a chat request as well as another is a chat request. */
export function recognised(body: Buffer): ClientProtocol {
  let request: unknown;
  try {
    request = JSON.parse(body.toString());
  } catch {
    return 'chat';
  }
  if (!isMembers(request)) return 'chat';
  if (!('messages' in request)) {
    if ('input' in request || 'previous_response_id' in request || 'conversation' in request) return 'responses';
    return 'prompt' in request ? 'completions' : 'chat';
  }
  return looksAnthropic(request) ? 'anthropic' : 'chat';
}

function looksAnthropic(request: Members): boolean {
  if (ANTHROPIC.some((member) => member in request)) return true;
  const { tools, tool_choice: choice, messages } = request;
  if (listOf(tools).some((tool) => 'input_schema' in tool || isServerTool(tool))) return true;
  // OpenAI's choices by an object are of the types function, custom and allowed_tools.
  if (isMembers(choice) && ['auto', 'any', 'tool', 'none'].includes(String(choice['type']))) return true;
  const blocks = listOf(messages).flatMap(({ content }) => listOf(content));
  return blocks.some(({ type }) => ANTHROPIC_BLOCKS.includes(String(type)));
}

/** `web_search_20250305`, `bash_20250124`: named and dated. OpenAI's own tools have no name beside their type. */
function isServerTool({ type, name }: Members): boolean {
  return typeof name === 'string' && typeof type === 'string' && (isSearchType(type) || /_\d{8}$/.test(type));
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
