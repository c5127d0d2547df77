import { createHash } from 'node:crypto';
import { isConversationName } from '../../../conversations/conversation.ts';
import type { TakenTurn } from '../../../conversations/take-turn.ts';
import type { TurnAsked } from '../../../conversations/turn-draft.ts';
import { GatewayError } from '../../../errors.ts';
import type { ChatAnswer, ChatCall } from '../../../pipeline/call.ts';
import { type Asked, readRequest } from '../../../pipeline/prepare.ts';
import type { Inbound, Reply } from '../../exchange.ts';
import type { Permit } from '../../permit.ts';
import type { RouteContext } from '../../route.ts';

export const CONVERSATION_HEADER = 'x-conversation-id';
const MEMBER = 'conversation_id';
const RETRY_HEADER = 'idempotency-key';
/** The gateway is to choose the id. */
const CHOOSE = 'new';
const LONGEST_KEY = 255;

/** The conversation that a request belongs to, by its header or its body; undefined for a plain one. */
export function turnOf(inbound: Inbound, { document }: Asked, context: RouteContext): TurnAsked | undefined {
  const inHeader = inbound.header(CONVERSATION_HEADER);
  if (inHeader === undefined && !document.has(MEMBER)) return undefined;
  const inBody = document.get(MEMBER) ?? undefined;
  if (inHeader === undefined && inBody === undefined) return undefined;
  return turnNamed(inBody ?? inHeader, inbound, context, inHeader);
}

/** `name` as the path or the body has it; `other`: what the header says. */
export function turnNamed(name: unknown, inbound: Inbound, context: RouteContext, other?: string): TurnAsked {
  const chosen = readName(name);
  if (other !== undefined && other !== chosen) {
    throw new GatewayError('invalid_request', {
      message: `The request names two conversations: ${chosen} and, in ${CONVERSATION_HEADER}, another one.`,
      param: MEMBER,
    });
  }
  const retryKey = readRetryKey(inbound);
  return { name: chosen === CHOOSE ? newName(retryKey, context) : chosen, retryKey };
}

/** A turn that is sent again without a word of the first reply begins no second conversation. */
function newName(retryKey: string | undefined, { clock, owner }: RouteContext): string {
  if (retryKey === undefined) return `conv_${clock.id()}`;
  const digest = createHash('sha256')
    .update(JSON.stringify([owner, retryKey]))
    .digest('hex');
  return `conv_${digest.slice(0, 24)}`;
}

export function readName(name: unknown): string {
  if (typeof name === 'string' && isConversationName(name)) return name;
  throw new GatewayError('invalid_request', {
    message: 'The id of a conversation has 1 to 128 ASCII characters and no space.',
    param: MEMBER,
  });
}

function readRetryKey(inbound: Inbound): string | undefined {
  const key = inbound.header(RETRY_HEADER);
  if (key === undefined || key.length <= LONGEST_KEY) return key;
  throw new GatewayError('invalid_request', {
    message: `An Idempotency-Key has at most ${LONGEST_KEY} characters.`,
    param: RETRY_HEADER,
  });
}

/** A turn that is being answered, and what its reply tells besides the answer. */
export interface ComingTurn {
  readonly answering: Promise<ChatAnswer>;
  dress(reply: Reply): Reply;
}

/** Begins a turn. The connections of the runtime stay until it has its answer. */
export function beginTurn(turn: TurnAsked, call: ChatCall, context: RouteContext, permit?: Permit): ComingTurn {
  const { runtime, conversations } = context;
  let taken: TakenTurn | undefined;
  const answer = async () => {
    runtime.enter();
    try {
      // What is remembered is in the inside's shape, whatever its client speaks.
      const { inside, ...rest } = call;
      const { body, notes } = inside?.() ?? { body: call.body, notes: [] };
      const asked = inside ? readRequest(body) : call.asked;
      taken = await conversations.takeTurn(turn, { ...rest, body, asked }, permit?.chat ?? runtime.chat);
      const { answer } = taken;
      return notes.length === 0 ? answer : { ...answer, notes: [...notes, ...answer.notes] };
    } finally {
      runtime.leave();
    }
  };
  return {
    answering: permit ? permit.counted(answer()) : answer(),
    dress(reply) {
      const { headers, log } = reply;
      headers[CONVERSATION_HEADER] = turn.name;
      // Of a stream that began before it had its answer, this is not known yet.
      if (taken) headers['x-conversation-message'] = taken.message;
      if (taken?.isRepeated) headers['idempotent-replayed'] = 'true';
      return {
        ...reply,
        log: () => ({ ...log?.(), conversation: turn.name, written_ms: rounded(taken?.writtenMs()) }),
      };
    },
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}
