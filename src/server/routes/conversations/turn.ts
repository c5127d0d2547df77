import { createHash } from 'node:crypto';
import { type Admit, unlimited } from '../../../conversations/admission.ts';
import { isConversationName } from '../../../conversations/conversation.ts';
import type { TakenTurn } from '../../../conversations/take-turn.ts';
import type { TurnAsked } from '../../../conversations/turn-draft.ts';
import { GatewayError } from '../../../errors.ts';
import type { ChatAnswer, ChatCall } from '../../../pipeline/call.ts';
import { type Asked, readRequest } from '../../../pipeline/prepare.ts';
import type { Inbound, Reply } from '../../exchange.ts';
import { permitCall } from '../../permit.ts';
import type { RouteContext } from '../../route.ts';

export const CONVERSATION_HEADER = 'x-conversation-id';
const MEMBER = 'conversation_id';
const RETRY_HEADER = 'idempotency-key';
/** The gateway is to choose the id. */
export const CHOOSE = 'new';
const LONGEST_KEY = 255;

/**
 * The conversation that a request belongs to, by its path (`named`), its body or its header; undefined for a plain one.
 * Throws invalid_request if they say different ones.
 */
export function turnOf(
  inbound: Inbound,
  { document }: Asked,
  context: RouteContext,
  named: NamedTurn | undefined,
): TurnAsked | undefined {
  const inHeader = inbound.header(CONVERSATION_HEADER);
  if (named === undefined && inHeader === undefined && !document.has(MEMBER)) return undefined;
  const inBody = document.get(MEMBER) ?? undefined;
  const said = [named?.written, inBody, inHeader].filter((name) => name !== undefined);
  if (said.length === 0) return undefined;
  if (new Set(said).size > 1) {
    throw new GatewayError('invalid_request', {
      message: `The request names two conversations, in its path, its \`${MEMBER}\` or its ${CONVERSATION_HEADER}.`,
      param: MEMBER,
    });
  }
  return named ?? turnNamed(said[0], inbound, context);
}

/** A turn whose path has its conversation, and how that is written there. */
export interface NamedTurn extends TurnAsked {
  readonly written: string;
}

export function turnNamed(name: unknown, inbound: Inbound, context: RouteContext): NamedTurn {
  const written = readName(name);
  const retryKey = readRetryKey(inbound);
  return { written, name: written === CHOOSE ? newName(retryKey, context) : written, retryKey };
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
export function beginTurn(turn: TurnAsked, call: ChatCall, context: RouteContext): ComingTurn {
  const { runtime, conversations } = context;
  let taken: TakenTurn | undefined;
  const answer = async () => {
    runtime.enter();
    try {
      // What is remembered is in the inside's shape, whatever its client speaks.
      const { inside, ...rest } = call;
      const { body, notes } = inside?.() ?? { body: call.body, notes: [] };
      const asked = inside ? readRequest(body) : call.asked;
      taken = await conversations.takeTurn(turn, { ...rest, body, asked }, admitBy(context));
      context.asked ??= taken.model;
      const { answer } = taken;
      return notes.length === 0 ? answer : { ...answer, notes: [...notes, ...answer.notes] };
    } finally {
      runtime.leave();
    }
  };
  return {
    answering: answer(),
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

/** By the rules of the caller's key, when the turn's place in the line has come. */
function admitBy(context: RouteContext): Admit {
  return async (asked) => {
    const { key, runtime } = context;
    if (key === undefined) return unlimited(runtime.chat);
    // It may have waited long since it was let in.
    if ((key.rules.expires ?? Number.POSITIVE_INFINITY) <= context.clock.now()) throw new GatewayError('key_expired');
    const permit = await permitCall(key, [asked()], context);
    context.permit = permit;
    return permit ?? unlimited(runtime.scopes.of(key.rules).chat);
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}
