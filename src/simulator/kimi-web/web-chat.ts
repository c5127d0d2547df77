import { randomBytes, randomUUID } from 'node:crypto';
import type { WebAccount } from './web-account.ts';

export interface WebMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  text: string;
}

/** A conversation on the server. Ids are 20 letters in the older protocol and UUIDs in the newer one. */
export interface WebChat {
  readonly id: string;
  readonly owner: WebAccount;
  name: string;
  readonly messages: WebMessage[];
  /** A turn is being answered. */
  streaming: boolean;
  /** Turns that the client asked to stop, by the id of their answer. */
  readonly cancelled: Set<string>;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** 20 characters, as the older protocol's ids are. */
export function shortId(): string {
  return Array.from(randomBytes(20), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

export class WebChats {
  readonly #chats = new Map<string, WebChat>();

  create(owner: WebAccount, form: 'short' | 'uuid', name: string): WebChat {
    const id = form === 'short' ? shortId() : randomUUID();
    const chat: WebChat = { id, owner, name, messages: [], streaming: false, cancelled: new Set() };
    this.#chats.set(id, chat);
    return chat;
  }

  /** Somebody else's chat looks like one that does not exist. */
  find(id: string, owner: WebAccount): WebChat | undefined {
    const chat = this.#chats.get(id);
    return chat?.owner === owner ? chat : undefined;
  }

  delete(id: string, owner: WebAccount): boolean {
    return this.find(id, owner) !== undefined && this.#chats.delete(id);
  }

  of(owner: WebAccount): WebChat[] {
    return [...this.#chats.values()].filter((chat) => chat.owner === owner);
  }

  clear(): void {
    this.#chats.clear();
  }
}
