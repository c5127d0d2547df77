import type { ChatMessage } from '../chat/chat.ts';
import type { Conversation, StoredConversation } from './conversation.ts';
import { messageId, messagesOf, type Turn } from './turn.ts';

const seconds = (ms: number) => Math.floor(ms / 1000);

/** A conversation as its owner sees it. */
export function conversationView(conversation: Conversation) {
  const { name, title, model, createdAt, usedAt, turns, bytes, details } = conversation;
  return {
    id: name,
    object: 'conversation',
    created_at: seconds(createdAt),
    updated_at: seconds(usedAt),
    title,
    model: model ?? null,
    turns,
    bytes,
    surface: details.served?.surface ?? null,
    credential: details.served?.credential ?? null,
    native_chat: details.native?.chat.chatId ?? null,
    forked_from: details.forkedFrom ?? null,
    metadata: {},
  };
}

export function messagesView(turns: readonly Turn[]) {
  return turns.flatMap((turn) => messagesOf(turn).map((_, index) => messageView(turn, index)));
}

/** A message as it was said, and what is known of it. */
export function messageView(turn: Turn, index: number) {
  const message = messagesOf(turn)[index];
  const isAnswer = index === turn.asked.length;
  const { finish_reason, model, surface, usage, notes } = turn.facts ?? {};
  return {
    ...message,
    id: messageId(turn, index),
    object: MESSAGE,
    turn: turn.seq,
    created_at: seconds(turn.at),
    ...(isAnswer
      ? { status: turn.state === 'partial' ? 'partial' : 'complete', finish_reason, model, surface, usage, notes }
      : {}),
  };
}

const MESSAGE = 'conversation.message';
/** What a view adds to a message. */
const TOLD = new Set([
  ...['id', 'object', 'turn', 'created_at', 'status'],
  ...['finish_reason', 'model', 'surface', 'usage', 'notes'],
]);

/** A message as it was said: what this gateway tells besides, in its exports too, is left out. */
export function asSaid(message: ChatMessage): ChatMessage {
  if (message['object'] !== MESSAGE) return message;
  return Object.fromEntries(Object.entries(message).filter(([member]) => !TOLD.has(member)));
}

export function storedView({ conversation, turns }: StoredConversation) {
  return { ...conversationView(conversation), messages: messagesView(turns) };
}
