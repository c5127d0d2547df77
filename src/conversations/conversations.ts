import type { Clock } from '../clock.ts';
import type { Coordination, HeldLock } from '../coordination/coordination.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Caller } from '../pipeline/attempts.ts';
import type { ChatCall } from '../pipeline/call.ts';
import { type Signal, toAbortSignal } from '../signal.ts';
import type { Database } from '../storage/database.ts';
import type { Admit } from './admission.ts';
import type { Conversation, StoredConversation } from './conversation.ts';
import { type Change, ConversationStore, type ListQuery } from './conversation-store.ts';
import { Retention } from './retention.ts';
import { type ConversationSettings, checkSize, forgottenBefore } from './settings.ts';
import { type TakenTurn, takeTurn } from './take-turn.ts';
import { noConversation, type TurnAsked } from './turn-draft.ts';
import { TurnLock } from './turn-lock.ts';

const PAGE = 100;

export interface ConversationParts {
  readonly database: Database;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => ConversationSettings;
  /** Whether there can be conversations already. */
  readonly mayHold: boolean;
}

/** A change that somebody asks for, given what is there. */
export type Edit = (stored: StoredConversation) => Omit<Change, 'fence'>;

/** The conversations that the gateway remembers. Outlives a change of the configuration; opens nothing until it is used. */
export class Conversations {
  readonly #parts: ConversationParts;
  readonly #store: ConversationStore;
  readonly #retention: Retention;
  /** Those of which a turn is under way in this process. */
  readonly #running = new Set<string>();

  constructor(parts: ConversationParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#store = new ConversationStore(database);
    this.#retention = new Retention({
      ...parts,
      isRunning: ({ owner, name }) => this.#running.has(keyOf(owner, name)),
    });
    // What is too old goes in its time, whether or not anybody uses conversations any more.
    if (parts.mayHold) this.#retention.begin();
  }

  /** Answers a turn when those before it have ended. Throws conversation_busy, conversation_lost, what the call throws. */
  async takeTurn(asked: TurnAsked, call: ChatCall & Caller, admit: Admit): Promise<TakenTurn> {
    const { clock, log, settings } = this.#parts;
    const key = keyOf(call.owner, asked.name);
    const begunAt = clock.ticks();
    const held = await this.#lock(call.owner, asked.name, call.signal);
    const queuedMs = clock.ticks() - begunAt;
    this.#running.add(key);
    const lock = new TurnLock(held, call.signal, () => this.#running.delete(key));
    return takeTurn(asked, call, {
      ...{ store: this.#store, admit, settings: settings(), clock, log, lock, queuedMs },
      written: ({ owner }) => this.#retention.written(owner),
      recall: () => this.#recall(call.owner, asked.name),
    });
  }

  /** Throws not_found. */
  async read(owner: string, name: string): Promise<StoredConversation> {
    const stored = await this.#recall(owner, name);
    if (stored) return stored;
    throw noConversation(name);
  }

  /** Without its messages; undefined if there is none. */
  async find(owner: string, name: string): Promise<Conversation | undefined> {
    const found = await this.#store.find(owner, name);
    return found && found.usedAt >= this.#since ? found : undefined;
  }

  list(query: Omit<ListQuery, 'since'>): Promise<readonly Conversation[]> {
    return this.#store.list({ ...query, since: this.#since });
  }

  /** Changes a conversation when the turn that is under way has ended. Throws not_found, conversation_busy. */
  async change(owner: string, name: string, signal: Signal, edit: Edit): Promise<StoredConversation> {
    const lock = await this.#lock(owner, name, signal);
    try {
      const stored = await this.read(owner, name);
      const change = edit(stored);
      const { bytes } = change.conversation;
      if (bytes > stored.conversation.bytes) checkSize(bytes, this.#parts.settings());
      await this.#store.write({ ...change, fence: lock.fence });
      this.#retention.written(owner);
      return await this.read(owner, name);
    } finally {
      await lock.release();
    }
  }

  /** Puts a conversation where none is. Throws conversation_full; conversation_busy if there is one by then. */
  async create(stored: StoredConversation): Promise<void> {
    checkSize(stored.conversation.bytes, this.#parts.settings());
    await this.#store.write({ conversation: stored.conversation, put: stored.turns, fence: 0 });
    this.#retention.written(stored.conversation.owner);
  }

  /** At once; a turn that is under way is refused at its end. */
  async delete({ id }: Conversation): Promise<boolean> {
    return this.#store.delete(id);
  }

  /** All of an owner's; how many there were. */
  async deleteAll(owner: string): Promise<number> {
    let count = 0;
    for (;;) {
      const page = await this.#store.list({
        owner,
        search: undefined,
        after: undefined,
        limit: PAGE,
        order: 'asc',
        since: 0,
      });
      for (const { id } of page) if (await this.#store.delete(id)) count++;
      if (page.length === 0) return count;
    }
  }

  /** Forgets what is too old or too much. */
  sweep(): Promise<void> {
    return this.#retention.sweep();
  }

  close(): Promise<void> {
    return this.#retention.close();
  }

  get #since(): number {
    return forgottenBefore(this.#parts.settings(), this.#parts.clock.now());
  }

  /** What is too old is gone, whether or not it was swept away already. */
  async #recall(owner: string, name: string): Promise<StoredConversation | undefined> {
    const stored = await this.#store.read(owner, name);
    if (stored === undefined || stored.conversation.usedAt >= this.#since) return stored;
    await this.#store.delete(stored.conversation.id);
    return undefined;
  }

  async #lock(owner: string, name: string, signal: Signal): Promise<HeldLock> {
    const { queue, wait_ms: waitMs } = this.#parts.settings();
    const lock = await this.#parts.coordination.lock(keyOf(owner, name), {
      waitMs,
      queue,
      signal: toAbortSignal(signal),
    });
    if (lock.held) return lock;
    if (lock.why === 'aborted') throw new GatewayError('client_closed');
    throw new GatewayError('conversation_busy', {
      message:
        lock.why === 'queue-full'
          ? `${queue} turns wait for this conversation already (conversations.queue).`
          : `Other turns of this conversation took longer than ${waitMs} ms (conversations.wait_ms).`,
      retryAfterMs: lock.why === 'queue-full' ? 5_000 : 1_000,
    });
  }
}

const keyOf = (owner: string, name: string) => `conversation:${JSON.stringify([owner, name])}`;
