import { answerChat, type ChatParts } from './answer-chat.ts';
import type { Caller } from './attempts.ts';
import type { ChatAnswer, ChatCall } from './call.ts';
import { checkChoices, together } from './several-choices.ts';

/** One answer of which the further requests are the further choices. Throws invalid_request beyond the largest `n`. */
export async function answerTogether(
  call: ChatCall & Caller,
  further: readonly Buffer[],
  parts: ChatParts,
): Promise<ChatAnswer> {
  checkChoices(1 + further.length, parts.choicesLimit);
  return together(call, [call.body, ...further], (each) => answerChat(each, parts));
}
