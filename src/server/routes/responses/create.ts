import { frameOf, type Item, type ResponseObject, type ResponsesRequest } from '../../../chat/responses/index.ts';
import { isConversationName } from '../../../conversations/conversation.ts';
import { GatewayError } from '../../../errors.ts';
import { ResponsesAnswer } from '../../../protocols/openai-responses.ts';
import type { StoredResponse } from '../../../responses/response-store.ts';
import type { Inbound, Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import { answerIn, readJson } from '../chat.ts';
import { CONVERSATION_HEADER, type NamedTurn, turnNamed } from '../conversations/turn.ts';
import { startInBackground } from './background.ts';
import { conversationId, type Past } from './past.ts';
import { idsOf, readAsked, readHistory, toBody } from './read-history.ts';

/** POST /v1/responses. */
export async function createResponse(inbound: Inbound, context: RouteContext): Promise<Reply> {
  const body = await readJson(inbound, context);
  const asked = readAsked(body);
  if (inbound.header(CONVERSATION_HEADER) !== undefined) checkTurn(asked);
  const own = await ownTurn(asked, inbound, context);
  // What the gateway's own conversation remembers is nobody else's to remember.
  const alone = own === undefined ? asked : withoutConversation(asked);
  const { input, past, converted } = await readHistory(alone, context);
  const frame = frameOf(asked, { tools: converted.tools, newId: idsOf(context), now: context.clock.now });
  const keep = (response: ResponseObject) => keepResponse(alone, { input, past, response }, context);
  if (asked.background) return startInBackground({ asked, frame, converted, keep }, inbound, context);
  const decoded = { body: toBody(converted), notes: converted.notes };
  const answer = new ResponsesAnswer({ frame, decoded, keep });
  const reply = await answerIn(answer, inbound, context, body, own);
  await answer.keepWhole();
  return reply;
}

/** `conversation` may name one that was begun with POST /v1/conversations: then the request is its next turn. */
async function ownTurn(
  { conversation, background }: ResponsesRequest,
  inbound: Inbound,
  context: RouteContext,
): Promise<NamedTurn | undefined> {
  if (conversation === undefined) return undefined;
  const name = conversationId(conversation);
  const known = isConversationName(name) ? await context.conversations.find(context.owner, name) : undefined;
  if (known === undefined) return undefined;
  if (!background) return turnNamed(name, inbound, context);
  throw new GatewayError('invalid_request', {
    message: `The turns of the conversation ${name} are not taken in the background.`,
    param: 'background',
  });
}

function withoutConversation({ conversation: _, ...asked }: ResponsesRequest): ResponsesRequest {
  return asked;
}

/** A conversation of the gateway's is recalled by its header alone: two histories would be one too many. */
function checkTurn({ previous_response_id: previous, conversation, background }: ResponsesRequest): void {
  const other = [
    ...(previous === undefined ? [] : ['previous_response_id']),
    ...(conversation === undefined ? [] : ['conversation']),
    ...(background ? ['background'] : []),
  ];
  if (other.length === 0) return;
  throw new GatewayError('invalid_request', {
    message: `${other.join(', ')} and ${CONVERSATION_HEADER} exclude each other.`,
    param: other[0] ?? CONVERSATION_HEADER,
  });
}

interface Finished {
  readonly input: readonly Item[];
  readonly past: Past;
  readonly response: ResponseObject;
}

/** An answer is not lost because it could not be kept. */
async function keepResponse(
  { store, conversation }: ResponsesRequest,
  { input, past, response }: Finished,
  { responses, owner, clock, log }: RouteContext,
): Promise<void> {
  if (store === false) return;
  const stored: StoredResponse = {
    id: response.id,
    owner,
    createdAt: clock.now(),
    response,
    input,
    previous: past.previous,
    conversation: conversation === undefined ? undefined : conversationId(conversation),
  };
  try {
    await responses.store.put(stored);
  } catch (cause) {
    log.error({ err: cause, response: response.id }, 'a response could not be kept');
  }
}
