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
    object: 'conversation.message',
    turn: turn.seq,
    created_at: seconds(turn.at),
    ...(isAnswer
      ? { status: turn.state === 'partial' ? 'partial' : 'complete', finish_reason, model, surface, usage, notes }
      : {}),
  };
}

export function storedView({ conversation, turns }: StoredConversation) {
  return { ...conversationView(conversation), messages: messagesView(turns) };
}
