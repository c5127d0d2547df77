import { randomUUID } from 'node:crypto';
import { parseBody } from '../../chat/json-body.ts';
import {
  isReference,
  type ResponsesRequest,
  readResponsesRequest,
  toChatRequest,
  toStoredItems,
} from '../../chat/responses/index.ts';
import { type Explanation, explainChat } from '../../pipeline/explain.ts';
import { type ExplainMessagesParts, explainMessages } from '../../pipeline/explain-messages.ts';
import { anthropicMessages } from '../../protocols/anthropic-messages.ts';
import { LegacyCompletions } from '../../protocols/legacy-completions.ts';
import type { ClientProtocol } from './client-protocol.ts';

/** What would become of a body that comes in this protocol. Throws what the gateway would answer. */
export function explainBody(body: Buffer, protocol: ClientProtocol, parts: ExplainMessagesParts): Explanation {
  switch (protocol) {
    case 'chat':
      return explainChat(body, parts);
    case 'anthropic': {
      const { body: asked, inside } = anthropicMessages.decode(body);
      return inside === undefined ? explainChat(asked, parts) : explainMessages(asked, inside, parts);
    }
    case 'responses':
      return explainResponses(body, parts);
    case 'completions': {
      const { body: first, further = [] } = new LegacyCompletions().decode(body);
      const explained = explainChat(first, parts);
      return { ...translated(explained, []), calls: explained.calls + further.length };
    }
    default:
      return protocol satisfies never;
  }
}

/** What was said before is with a gateway, so only what the request says itself is there. */
function explainResponses(body: Buffer, parts: ExplainMessagesParts): Explanation {
  const asked = readResponsesRequest(parseBody(body));
  const given =
    typeof asked.input === 'string' ? asked.input : (asked.input ?? []).filter((item) => !isReference(item));
  const items = toStoredItems(given, (prefix) => `${prefix}_${randomUUID()}`);
  const { request, notes } = toChatRequest(asked, items);
  const explained = explainChat(Buffer.from(JSON.stringify(request)), parts);
  return translated(explained, [...unknown(asked, given.length), ...notes]);
}

function unknown({ previous_response_id, conversation, input }: ResponsesRequest, given: number): readonly string[] {
  const references = Array.isArray(input) ? input.length - given : 0;
  return [
    ...(previous_response_id === undefined ? [] : ['what previous_response_id stands for is not shown']),
    ...(conversation === undefined ? [] : ['what was said in the conversation is not shown']),
    ...(references > 0 ? [`${references} item references are not shown`] : []),
  ];
}

function translated(explained: Explanation, notes: readonly string[]): Explanation {
  const { wording } = explained;
  return { ...explained, wording: { ...wording, isUntranslated: false, notes: [...notes, ...wording.notes] } };
}
