import type { FaceSender } from '../chat/answer-chat.ts';
import { sendWhole } from '../chat/send-completion.ts';
import { sendEvents } from '../chat/send-stream.ts';
import { itemsOf, responseOf, statusOf, usageOf } from './response.ts';
import { ResponsesGrammar } from './responses-grammar.ts';

/** How an answer is sent on the Responses face. */
export const RESPONSES_FACE: FaceSender = {
  stream: (reply, exchange) => sendEvents(reply, exchange, new ResponsesGrammar(reply)),
  whole: (reply, exchange) => {
    const usage = reply.draft.usagePlace === 'none' ? undefined : usageOf(reply);
    return sendWhole(reply, exchange, responseOf(reply, statusOf(reply), itemsOf(reply), usage));
  },
};
