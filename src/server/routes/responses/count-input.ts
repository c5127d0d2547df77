import { ChatDocument } from '../../../chat/chat-document.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import { readJson } from '../chat.ts';
import { countHere } from '../count-tokens.ts';
import { readAsked, readHistory, toBody } from './read-history.ts';

/** POST /v1/responses/input_tokens: an estimate (docs/tokens.md); the vendor's own count may differ. */
export async function countInput(inbound: Inbound, context: RouteContext): Promise<Reply> {
  const { converted } = await readHistory(readAsked(await readJson(inbound, context)), context);
  const tokens = countHere(new ChatDocument(toBody(converted)), context.runtime);
  return jsonReply(200, { object: 'response.input_tokens', input_tokens: tokens });
}
