import type { ChatMessage } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import { callJson, conversationPath, type Json, memberOf, rowsOf } from '../call-json.ts';
import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';

/** What a list of conversations tells of one. */
export interface ConversationLine {
  readonly id: string;
  readonly title: string;
  readonly turns: number;
}

/** Members that the gateway adds to a message that it remembers. */
const ADDED = ['id', 'object', 'turn', 'created_at', 'status', 'finish_reason', 'model', 'surface', 'usage'];
const NAME = /^[\x21-\x7e]{1,128}$/;

export function checkConversationName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Failure({
    en: 'The id of a conversation has 1 to 128 ASCII characters and no space.',
    zh: '对话 ID 为 1 到 128 个 ASCII 字符，不含空格。',
  });
}

/** Where a question goes that belongs to a conversation, and where its last answer is given anew. */
export const completionsPath = (name: string): string => `/v1/chat/completions/${encodeURIComponent(name)}`;
export const regeneratePath = (name: string): string => conversationPath(name, '/regenerate');

/** The conversations that the gateway remembers, the last used first. Throws Failure where it remembers none. */
export async function listConversations(endpoint: Endpoint, limit = 20): Promise<readonly ConversationLine[]> {
  let page: Json;
  try {
    page = await callJson(endpoint, `/v1/conversations?limit=${limit}`);
  } catch (thrown) {
    if (isMissing(thrown)) throw noConversations(endpoint);
    throw thrown;
  }
  return rowsOf(page, 'data').map(({ id, title, turns }) => ({
    id: String(id),
    title: String(title ?? ''),
    turns: Number(turns ?? 0),
  }));
}

/** The messages of a conversation; undefined if there is none of this name yet. */
export async function readConversation(endpoint: Endpoint, name: string): Promise<readonly ChatMessage[] | undefined> {
  try {
    return rowsOf(await callJson(endpoint, conversationPath(name)), 'messages').map(plainMessage);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    // Of a gateway that has no conversations at all the path is missing too.
    await listConversations(endpoint, 1);
    return undefined;
  }
}

/** Makes one that begins with what was said elsewhere. */
export async function createConversation(
  endpoint: Endpoint,
  { name, model, messages }: { name: string; model: string; messages: readonly ChatMessage[] },
): Promise<void> {
  const body = { id: name, model, ...(messages.length === 0 ? {} : { messages }) };
  await callJson(endpoint, '/v1/conversations', 'POST', body);
}

export async function forkConversation(endpoint: Endpoint, name: string, fork: string): Promise<void> {
  await callJson(endpoint, conversationPath(name, '/fork'), 'POST', { id: fork });
}

/** The id of the last message of the user, by which its answer is asked for again. */
export async function lastQuestionId(endpoint: Endpoint, name: string): Promise<string | undefined> {
  const messages = rowsOf(await callJson(endpoint, conversationPath(name)), 'messages');
  const last = messages.findLast(({ role }) => role === 'user');
  const id = memberOf(last, 'id');
  return typeof id === 'string' ? id : undefined;
}

function plainMessage(message: Json): ChatMessage {
  return Object.fromEntries(
    Object.entries(message).filter(([name, value]) => !ADDED.includes(name) && value !== undefined),
  );
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof GatewayError && ['not_found', 'method_not_allowed', 'upstream_garbled'].includes(thrown.code)
  );
}

function noConversations({ label }: Endpoint): Failure {
  return new Failure(
    {
      en: `The gateway (${phrase(label, 'en')}) remembers no conversations.`,
      zh: `该网关（${phrase(label, 'zh')}）不保存对话。`,
    },
    {
      code: 'not_found',
      hint: {
        en: 'It may be older than this command line. In a chat, /save keeps a dialogue in a file and /load goes on with it.',
        zh: '它的版本可能比本命令行旧。在聊天中可用 /save 保存到文件，用 /load 继续。',
      },
    },
  );
}
