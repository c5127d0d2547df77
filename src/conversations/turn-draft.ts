import { createHash } from 'node:crypto';
import type { ChatMessage } from '../chat/chat.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Asked } from '../pipeline/prepare.ts';
import type { Conversation, StoredConversation } from './conversation.ts';
import { type ConversationSettings, checkSize } from './settings.ts';
import { bytesOf, findMessage, type Turn } from './turn.ts';

/** A turn as its caller asks for it. */
export interface TurnAsked {
  /** The caller's id of the conversation. */
  readonly name: string;
  readonly retryKey: string | undefined;
  /** A turn is answered again: that of this message, or the last one. */
  readonly again?: { readonly at: string | undefined } | undefined;
}

/** A turn that is to be answered. */
export interface TurnDraft {
  readonly kind: 'draft';
  readonly id: string;
  readonly conversation: Conversation;
  /** The turns before it. */
  readonly before: readonly Turn[];
  readonly messages: readonly ChatMessage[];
  /** Those in whose place it comes. */
  readonly replaced: readonly Turn[];
  readonly isAgain: boolean;
  readonly retryKey: string | undefined;
  readonly digest: string | undefined;
}

/** A turn that was answered before, under the same Idempotency-Key. */
export interface AnsweredTurn {
  readonly kind: 'answered';
  readonly conversation: Conversation;
  readonly turn: Turn;
}

export interface DraftParts {
  readonly owner: string;
  readonly asked: Asked;
  readonly settings: ConversationSettings;
  readonly clock: Clock;
}

/** What is to be answered, given what is remembered. Throws what the caller has done wrong. */
export function draftTurn(
  turn: TurnAsked,
  stored: StoredConversation | undefined,
  parts: DraftParts,
): TurnDraft | AnsweredTurn {
  const n = parts.asked.document.get('n');
  if (typeof n === 'number' && n > 1) {
    throw new GatewayError('invalid_request', {
      message: 'A conversation goes on with one answer: `n` must be 1.',
      param: 'n',
    });
  }
  if (stored === undefined && turn.again) throw noConversation(turn.name);
  if (stored === undefined && parts.settings.keep === 0) {
    throw new GatewayError('invalid_request', { message: 'This gateway keeps no conversations (conversations.keep).' });
  }
  const { conversation = freshConversation(turn.name, parts), turns = [] } = stored ?? {};
  const known = turn.retryKey === undefined ? undefined : turns.find(({ retryKey }) => retryKey === turn.retryKey);
  if (turn.again) {
    if (known?.state === 'done') return { kind: 'answered', conversation, turn: known };
    return draftAgain(turn, turns, conversation, parts);
  }
  const messages = readMessages(parts.asked);
  const digest = createHash('sha256').update(JSON.stringify(messages)).digest('base64url');
  if (known) checkRetry(known, digest, turns);
  if (known?.state === 'done') return { kind: 'answered', conversation, turn: known };
  const draft = {
    ...{ kind: 'draft' as const, id: parts.clock.id(), conversation, messages, isAgain: false, digest },
    before: known ? turns.slice(0, known.seq) : turns,
    replaced: known ? [known] : [],
    retryKey: turn.retryKey,
  };
  checkSize(sizeWith(conversation, draft.replaced, []) + Buffer.byteLength(JSON.stringify(messages)), parts.settings);
  return draft;
}

function draftAgain(
  { again, retryKey }: TurnAsked,
  turns: readonly Turn[],
  conversation: Conversation,
  { clock }: DraftParts,
): TurnDraft {
  const at = again?.at;
  const turn = at === undefined ? turns.at(-1) : findMessage(turns, at)?.turn;
  if (turn === undefined || turn.asked.length === 0) throw noMessage(at ?? 'last');
  return {
    kind: 'draft',
    id: clock.id(),
    conversation,
    before: turns.slice(0, turn.seq),
    messages: turn.asked,
    replaced: turns.slice(turn.seq),
    isAgain: true,
    // A late retry of the turn itself is told this answer.
    retryKey: retryKey ?? turn.retryKey,
    digest: turn.digest,
  };
}

function checkRetry(known: Turn, digest: string, turns: readonly Turn[]): void {
  if (known.digest !== digest) {
    throw new GatewayError('invalid_request', {
      message: 'This Idempotency-Key came with other messages before: a new turn needs a new one.',
    });
  }
  if (known.state !== 'done' && known.seq < turns.length - 1) {
    throw new GatewayError('invalid_request', {
      message:
        'The answer to this turn was cut, and the conversation has gone on since: it cannot be answered in its place.',
      hint: 'Fork the conversation at the message before, or send the turn with a new Idempotency-Key.',
    });
  }
}

export function freshConversation(name: string, { owner, clock }: Pick<DraftParts, 'owner' | 'clock'>): Conversation {
  const now = clock.now();
  return {
    ...{ id: clock.id(), owner, name, title: '', model: undefined, createdAt: now, usedAt: now },
    ...{ turns: 0, bytes: 0, version: 0, details: {} },
  };
}

function readMessages({ document }: Asked): readonly ChatMessage[] {
  return checkMessages(document.get('messages'));
}

export function checkMessages(messages: unknown): readonly ChatMessage[] {
  const isList = Array.isArray(messages) && messages.length > 0;
  if (isList && messages.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
    return messages;
  throw new GatewayError('invalid_request', {
    message: '`messages` must be a list of messages: those that are new in the conversation.',
    param: 'messages',
  });
}

/** The size of a conversation when `replaced` has gone and `put` has come. */
export function sizeWith({ bytes }: Conversation, replaced: readonly Turn[], put: readonly Turn[]): number {
  const sum = (turns: readonly Turn[]) => turns.reduce((total, turn) => total + bytesOf(turn), 0);
  return bytes - sum(replaced) + sum(put);
}

export function noConversation(name: string): GatewayError {
  return new GatewayError('not_found', { message: `There is no conversation '${name.slice(0, 128)}'.` });
}

export function noMessage(id: string): GatewayError {
  return new GatewayError('not_found', { message: `The conversation has no message '${id.slice(0, 128)}' to answer.` });
}
