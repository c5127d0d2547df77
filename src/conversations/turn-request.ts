import type { ChatMessage } from '../chat/chat.ts';
import type { ChatCall } from '../pipeline/call.ts';
import { type Asked, readRequest } from '../pipeline/prepare.ts';
import type { Summary } from './conversation.ts';
import { historyOf, toMessages } from './history.ts';
import type { TurnDraft } from './turn-draft.ts';

export interface TurnRequest {
  readonly body: Buffer;
  readonly asked: Asked;
}

/** The model as the caller names it, now or earlier. */
export function modelOf({ conversation }: TurnDraft, { asked }: Pick<ChatCall, 'asked'>): string | undefined {
  return asked.model ?? conversation.model;
}

/** What stands for the oldest turns, where that was written before and still tells of turns that come before this one. */
export function summaryOf({ conversation, before }: TurnDraft): Summary | undefined {
  const { summary } = conversation.details;
  return summary && summary.upTo < before.length ? summary : undefined;
}

/** The caller's request with these messages in the place of its own. */
export function turnRequest(draft: TurnDraft, call: ChatCall, messages: readonly ChatMessage[]): TurnRequest {
  const { document } = readRequest(call.body);
  const model = modelOf(draft, call);
  document.set('messages', messages);
  document.delete('conversation_id');
  if (model !== undefined) document.set('model', model);
  const body = document.toBytes();
  return { body, asked: readRequest(body) };
}

/** All of the history and the turn itself: the most that goes up in one call. */
export function wholeRequest(draft: TurnDraft, call: ChatCall): TurnRequest {
  return turnRequest(draft, call, toMessages(historyOf(draft.before, draft.messages, summaryOf(draft))));
}
