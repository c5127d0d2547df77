import type { ChatMessage } from '../chat/chat.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { StoredConversation } from './conversation.ts';
import type { Edit } from './conversations.ts';
import { bytesOf, findMessage, type Turn, turnsUpTo } from './turn.ts';
import { freshConversation, noMessage, sizeWith } from './turn-draft.ts';
import { asSaid } from './view.ts';
import { shortTitle, titleOf } from './words.ts';

/** Another name for people. */
export function renamed(title: string, clock: Clock): Edit {
  return ({ conversation }) => ({
    conversation: { ...conversation, title: shortTitle(title), version: conversation.version + 1, usedAt: clock.now() },
    put: [],
  });
}

export interface MessageEdit {
  readonly message: string;
  readonly content: unknown;
  /** What stands behind the message goes, its turn's answer too. */
  readonly truncate: boolean;
}

/** The id of no turn. */
const NO_TURN = '';

/** Another content for a message. */
export function edited({ message, content, truncate }: MessageEdit, clock: Clock): Edit {
  return ({ conversation, turns }) => {
    const found = findMessage(turns, message);
    if (found === undefined) throw noMessage(message);
    const changed = withContent(found.turn, found.index, content);
    const kept = truncate ? turnsUpTo([changed], { turn: changed, index: found.index }) : [changed];
    const replaced = truncate ? turns.slice(found.turn.seq) : [found.turn];
    const { native, summary, ...details } = conversation.details;
    return {
      conversation: {
        ...conversation,
        version: conversation.version + 1,
        usedAt: clock.now(),
        turns: truncate ? found.turn.seq + 1 : conversation.turns,
        bytes: sizeWith(conversation, replaced, kept),
        details: {
          ...details,
          // Its chat knows another history now: the next turn begins a new one.
          native: native && { ...native, upTo: NO_TURN },
          summary: summary && summary.upTo < found.turn.seq ? summary : undefined,
        },
      },
      drop: { from: found.turn.seq, to: replaced.at(-1)?.seq ?? found.turn.seq },
      put: kept,
    };
  };
}

function withContent(turn: Turn, index: number, content: unknown): Turn {
  if (index === turn.asked.length) return { ...turn, answer: { ...turn.answer, content } };
  const { retryKey: _, digest: __, ...rest } = turn;
  return { ...rest, asked: turn.asked.map((one, at) => (at === index ? { ...one, content } : one)) };
}

export interface ForkOrder {
  readonly name: string;
  /** The last message that it has; undefined: all. */
  readonly at: string | undefined;
  readonly title: string | undefined;
}

/** A conversation of its own that begins like another one. It has no chat on a surface until it goes on. */
export function forked(stored: StoredConversation, { name, at, title }: ForkOrder, clock: Clock): StoredConversation {
  const found = at === undefined ? undefined : findMessage(stored.turns, at);
  if (at !== undefined && found === undefined) throw noMessage(at);
  const { conversation } = stored;
  const { summary } = conversation.details;
  const turns = copied(found ? turnsUpTo(stored.turns, found) : stored.turns, clock);
  const fresh = freshConversation(name, { owner: conversation.owner, clock });
  return {
    conversation: {
      ...fresh,
      title: title === undefined ? conversation.title : shortTitle(title),
      model: conversation.model,
      turns: turns.length,
      bytes: turns.reduce((sum, turn) => sum + bytesOf(turn), 0),
      version: 1,
      details: {
        forkedFrom: conversation.name,
        served: conversation.details.served,
        summary: summary && summary.upTo < turns.length - 1 ? summary : undefined,
      },
    },
    turns,
  };
}

/** The keys of retries stay with the original. */
function copied(turns: readonly Turn[], clock: Clock): Turn[] {
  return turns.map(({ retryKey: _, digest: __, ...turn }) => ({ ...turn, id: clock.id() }));
}

export interface NewConversation {
  readonly name: string;
  readonly title: string | undefined;
  readonly model: string | undefined;
  readonly messages: readonly ChatMessage[];
}

/** A conversation with what was said elsewhere: each answer of the assistant's ends a turn. */
export function created(
  { name, title, model, messages }: NewConversation,
  owner: string,
  clock: Clock,
): StoredConversation {
  const turns: Turn[] = [];
  let asked: ChatMessage[] = [];
  const close = (answer: ChatMessage | undefined) => {
    const state = answer === undefined ? ('open' as const) : ('done' as const);
    turns.push({ id: clock.id(), seq: turns.length, at: clock.now(), state, asked, answer });
    asked = [];
  };
  for (const message of messages.map(asSaid)) {
    if (typeof message.role !== 'string') {
      throw new GatewayError('invalid_request', { message: 'Every message needs a `role`.', param: 'messages' });
    }
    if (message.role === 'assistant') close(message);
    else asked.push(message);
  }
  if (asked.length > 0) close(undefined);
  return {
    conversation: {
      ...freshConversation(name, { owner, clock }),
      title: title === undefined ? titleOf(messages) : shortTitle(title),
      model,
      turns: turns.length,
      bytes: turns.reduce((sum, turn) => sum + bytesOf(turn), 0),
      version: 1,
    },
    turns,
  };
}
