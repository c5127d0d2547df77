import type { ConversationTable, TurnTable } from '../storage/tables/conversations.ts';
import type { Conversation, ConversationDetails } from './conversation.ts';
import { bytesOf, messagesOf, type Turn, type TurnState } from './turn.ts';
import { wordsOf } from './words.ts';

/** Between rows and what the gateway works with. */
export function toConversation(row: ConversationTable): Conversation {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    title: row.title,
    model: row.model ?? undefined,
    createdAt: row.created_at,
    usedAt: row.used_at,
    turns: row.turns,
    bytes: row.bytes,
    version: row.version,
    details: JSON.parse(row.details) as ConversationDetails,
  };
}

export function toConversationRow(conversation: Conversation, fence: number): ConversationTable {
  return {
    id: conversation.id,
    owner: conversation.owner,
    name: conversation.name,
    title: conversation.title,
    model: conversation.model ?? null,
    created_at: conversation.createdAt,
    used_at: conversation.usedAt,
    turns: conversation.turns,
    bytes: conversation.bytes,
    version: conversation.version,
    fence,
    details: JSON.stringify(conversation.details),
  };
}

/** `body` has all of a turn but what the other columns say. */
export function toTurn({ id, seq, at, state, body }: TurnTable): Turn {
  return { ...(JSON.parse(body) as Pick<Turn, 'asked'>), id, seq, at, state: state as TurnState };
}

export function toTurnRow(turn: Turn, conversation: string): TurnTable {
  const { id, seq, at, state, ...rest } = turn;
  const words = wordsOf(messagesOf(turn));
  return { id, conversation, seq, at, state, body: JSON.stringify(rest), words, bytes: bytesOf(turn) };
}
