import type { FaceSender } from '../chat/answer-chat.ts';
import { sendWhole } from '../chat/send-completion.ts';
import { sendEvents } from '../chat/send-stream.ts';
import { messageOf } from './message.ts';
import { MessagesGrammar } from './messages-grammar.ts';

/** How an answer is sent on an Anthropic face. */
export const MESSAGES_FACE: FaceSender = {
  stream: (reply, exchange) => sendEvents(reply, exchange, new MessagesGrammar(reply)),
  whole: (reply, exchange) => sendWhole(reply, exchange, messageOf(reply)),
};
