import { ChatDocument } from '../../chat/chat-document.ts';
import { estimatePromptTokens } from '../../chat/estimate-tokens.ts';
import { countedRequest } from '../../protocols/anthropic-messages.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

/** POST /v1/messages/count_tokens: an estimate (docs/tokens.md); the vendor's own count may differ. */
export async function countTokens(inbound: Inbound, { runtime }: RouteContext): Promise<Reply> {
  const body = countedRequest(await inbound.body(runtime.config.limits.body_bytes));
  return jsonReply(200, { input_tokens: countHere(new ChatDocument(body), runtime) });
}

/** The estimate, corrected by what answers of the model that would serve have reported. */
export function countHere(document: ChatDocument, runtime: RouteContext['runtime']): number {
  const estimate = estimatePromptTokens(document);
  const model = document.get('model');
  return typeof model === 'string' ? runtime.tokens.correct(servedAs(model, runtime), estimate) : estimate;
}

/** A name that nobody serves has a number of tokens all the same. */
function servedAs(model: string, runtime: RouteContext['runtime']): string {
  try {
    return runtime.resolve(model).model;
  } catch {
    return model;
  }
}
