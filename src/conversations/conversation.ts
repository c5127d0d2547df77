import type { WebChat } from '../upstreams/kimi-web/web-chat.ts';
import type { Turn } from './turn.ts';

/** A stored dialogue under an id that its caller chose. */
export interface Conversation {
  /** The gateway's own id, which nobody else ever has. */
  readonly id: string;
  readonly owner: string;
  /** The id by which its owner calls it. */
  readonly name: string;
  readonly title: string;
  /** The model of the last turn, as the caller named it. */
  readonly model: string | undefined;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly usedAt: number;
  readonly turns: number;
  readonly bytes: number;
  /** 0: not stored yet. */
  readonly version: number;
  readonly details: ConversationDetails;
}

export interface ConversationDetails {
  /** Who served the last turn. */
  readonly served?: { readonly surface: string; readonly credential: string } | undefined;
  /** The chat on a surface that remembers the conversation itself. */
  readonly native?: NativeChat | undefined;
  readonly summary?: Summary | undefined;
  /** The conversation that it was forked from, by its owner's id for it. */
  readonly forkedFrom?: string | undefined;
}

export interface NativeChat {
  readonly surface: string;
  /** Whose it is: masked id, and the account, which a renewed token still belongs to. */
  readonly credential: string;
  readonly account: string;
  readonly chat: WebChat;
  /** The last turn that the chat knows. */
  readonly upTo: string;
  /** A turn was begun in it and nobody wrote down how it ended. */
  readonly unsettled?: boolean | undefined;
}

/** What stands for the turns that no longer fit into the window. */
export interface Summary {
  readonly text: string;
  /** The last turn that it tells of. */
  readonly upTo: number;
}

export interface StoredConversation {
  readonly conversation: Conversation;
  readonly turns: readonly Turn[];
}

const NAME = /^[\x21-\x7e]{1,128}$/;

/** Ids go into headers, paths and logs. */
export function isConversationName(name: string): boolean {
  return NAME.test(name);
}
