import { GatewayError } from '../../errors.ts';
import { JsonDocument } from '../json-document.ts';

const SIGN = Buffer.from('"thread"');

/**
 * Message threads (beta `message-threads-2026-08-12`) let the server keep the conversation, so that a request holds only
 * its last turn; the tool runner of @anthropic-ai/sdk 1.12 asks for one by itself. Kimi keeps nothing, and taking the turn
 * for the whole conversation would lose it. The SDK knows this refusal, and sends everything from then on.
 */
export function refuseThreads(body: Buffer): void {
  if (!body.includes(SIGN)) return;
  const thread = new JsonDocument(body).get('thread');
  if (thread === undefined || thread === null) return;
  throw new GatewayError('invalid_request', {
    message: 'thread: message threads are not kept here; send the whole conversation without `thread`.',
    param: 'thread',
    extra: { details: { error_code: 'thread_unsupported_request', unsupported: [] } },
  });
}
