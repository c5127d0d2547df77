import { ChatDocument } from '../../chat/chat-document.ts';
import { estimatePromptTokens } from '../../chat/estimate-tokens.ts';
import { countedRequest } from '../../protocols/anthropic-messages.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

/** POST /v1/messages/count_tokens: an estimate, by kinds of characters; the vendor's own count may differ. */
export async function countTokens(inbound: Inbound, { runtime }: RouteContext): Promise<Reply> {
  const body = countedRequest(await inbound.body(runtime.config.limits.body_bytes));
  return jsonReply(200, { input_tokens: Math.ceil(estimatePromptTokens(new ChatDocument(body))) });
}
