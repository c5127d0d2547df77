import type { Place } from '../adapter.ts';
import type { HttpReply } from '../http-call.ts';
import type { WebAsk } from './web-ask.ts';
import type { WebChat } from './web-chat.ts';
import type { WebEvent, WebReader } from './web-event.ts';

/** A call of the web chat: whom, as whom, and what. */
export interface WebCall {
  readonly place: Place;
  readonly token: string;
  readonly ask: WebAsk;
  /** The conversation to go on with; undefined: a new one. */
  readonly chat: WebChat | undefined;
  /** What becomes known of the conversation, also when the call fails half-way. */
  readonly trace: ChatTrace;
}

/** An answer whose head is there. */
export interface OpenAnswer {
  readonly reply: HttpReply;
  readonly reader: WebReader;
}

/** One of the two generations of the surface. */
export interface WebProtocol {
  readonly name: WebChat['protocol'];
  /** Throws ProtocolAbsent where the address does not speak it, else a GatewayError for anything but an answer. */
  open(call: WebCall): Promise<OpenAnswer>;
  /** Stops the server's writing; undefined where hanging up is all there is. */
  cancel(place: Place, token: string, trace: ChatTrace): Promise<void>;
  /** Asks who the token belongs to. */
  check(place: Place, token: string): Promise<void>;
  delete(place: Place, token: string, chatId: string): Promise<void>;
}

/** Watches the events of an answer for the ids in it. */
export class ChatTrace {
  readonly protocol: WebChat['protocol'];
  chatId: string | undefined;
  answerId: string | undefined;

  constructor(protocol: WebChat['protocol'], chatId?: string) {
    this.protocol = protocol;
    this.chatId = chatId;
  }

  observe(events: readonly WebEvent[]): void {
    for (const event of events) {
      if (event.kind === 'chat') this.chatId = event.id;
      if (event.kind === 'answer') this.answerId = event.id;
    }
  }

  /** What the next turn needs; undefined before the answer has a name. */
  get chat(): WebChat | undefined {
    const { protocol, chatId, answerId } = this;
    return chatId === undefined || answerId === undefined ? undefined : { protocol, chatId, parentId: answerId };
  }
}
