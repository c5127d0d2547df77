import type { Item } from '../chat/responses/index.ts';
import type { Clock } from '../clock.ts';
import { isEnded, type ResponseStore, type StoredResponse, type StoreLimits } from './response-store.ts';

/** How often everything is looked through for what is too old. */
const SWEEP_MS = 60_000;

interface Entry {
  /** The response as JSON: its size is known, and nobody changes it. */
  readonly json: Buffer;
  readonly createdAt: number;
  readonly itemIds: readonly string[];
  readonly conversation: string | undefined;
  readonly previous: string | undefined;
}

/** What belongs to one owner. */
interface Shelf {
  /** Least recently used first. */
  readonly entries: Map<string, Entry>;
  /** Which response has an item. */
  readonly items: Map<string, string>;
  /** The newest response of each conversation. */
  readonly conversations: Map<string, string>;
  bytes: number;
}

/**
 * Responses in memory, within limits: when there are too many, whoever has the most loses what was not used for the longest
 * time, so that one key cannot push out what the others have.
 */
export class MemoryResponseStore implements ResponseStore {
  readonly #clock: Clock;
  readonly #limits: () => StoreLimits;
  readonly #shelves = new Map<string, Shelf>();
  #count = 0;
  #bytes = 0;
  #sweptAt = 0;

  constructor(clock: Clock, limits: () => StoreLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  async put(stored: StoredResponse): Promise<void> {
    this.#remove(stored.owner, stored.id);
    const json = Buffer.from(JSON.stringify(stored));
    const { keep, bytes } = this.#limits();
    if (keep === 0 || json.length > bytes) return;
    const shelf = this.#shelf(stored.owner);
    const itemIds = stored.response.output.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
    const { createdAt, conversation, previous } = stored;
    shelf.entries.set(stored.id, { json, createdAt, itemIds, conversation, previous });
    for (const id of itemIds) shelf.items.set(id, stored.id);
    if (conversation !== undefined && isEnded(stored.response)) shelf.conversations.set(conversation, stored.id);
    shelf.bytes += json.length;
    this.#bytes += json.length;
    this.#count++;
    this.#sweep();
    this.#makeRoom();
  }

  async get(owner: string, id: string): Promise<StoredResponse | undefined> {
    const shelf = this.#shelves.get(owner);
    const entry = shelf?.entries.get(id);
    if (shelf === undefined || entry === undefined) return undefined;
    if (this.#isOld(entry)) {
      this.#remove(owner, id);
      return undefined;
    }
    shelf.entries.delete(id);
    shelf.entries.set(id, entry);
    return JSON.parse(entry.json.toString()) as StoredResponse;
  }

  async delete(owner: string, id: string): Promise<boolean> {
    const known = await this.get(owner, id);
    if (known) this.#remove(owner, id);
    return known !== undefined;
  }

  async newestIn(owner: string, conversation: string): Promise<StoredResponse | undefined> {
    const id = this.#shelves.get(owner)?.conversations.get(conversation);
    return id === undefined ? undefined : this.get(owner, id);
  }

  async items(owner: string, ids: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>();
    const shelf = this.#shelves.get(owner);
    const homes = new Set(ids.flatMap((id) => shelf?.items.get(id) ?? []));
    for (const home of homes) {
      const stored = await this.get(owner, home);
      for (const item of stored?.response.output ?? []) {
        if (typeof item.id === 'string' && ids.includes(item.id)) found.set(item.id, item);
      }
    }
    return found;
  }

  #shelf(owner: string): Shelf {
    const known = this.#shelves.get(owner);
    if (known) return known;
    const fresh: Shelf = { entries: new Map(), items: new Map(), conversations: new Map(), bytes: 0 };
    this.#shelves.set(owner, fresh);
    return fresh;
  }

  #remove(owner: string, id: string): void {
    const shelf = this.#shelves.get(owner);
    const entry = shelf?.entries.get(id);
    if (shelf === undefined || entry === undefined) return;
    shelf.entries.delete(id);
    for (const item of entry.itemIds) if (shelf.items.get(item) === id) shelf.items.delete(item);
    this.#forgetConversation(shelf, id, entry);
    shelf.bytes -= entry.json.length;
    this.#bytes -= entry.json.length;
    this.#count--;
    if (shelf.entries.size === 0) this.#shelves.delete(owner);
  }

  /** A conversation whose newest response goes ends with the one before. */
  #forgetConversation(shelf: Shelf, id: string, { conversation, previous }: Entry): void {
    if (conversation === undefined || shelf.conversations.get(conversation) !== id) return;
    if (previous !== undefined && shelf.entries.has(previous)) shelf.conversations.set(conversation, previous);
    else shelf.conversations.delete(conversation);
  }

  #isOld({ createdAt }: Entry): boolean {
    return this.#clock.now() - createdAt > this.#limits().age_ms;
  }

  #sweep(): void {
    if (this.#clock.now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = this.#clock.now();
    for (const [owner, { entries }] of this.#shelves) {
      for (const [id, entry] of entries) if (this.#isOld(entry)) this.#remove(owner, id);
    }
  }

  #makeRoom(): void {
    const { keep, bytes } = this.#limits();
    while (this.#count > keep) this.#dropOldest((shelf) => shelf.entries.size);
    while (this.#bytes > bytes) this.#dropOldest((shelf) => shelf.bytes);
  }

  #dropOldest(measure: (shelf: Shelf) => number): void {
    const [largest] = [...this.#shelves].sort(([, one], [, other]) => measure(other) - measure(one));
    const [oldest] = largest?.[1].entries.keys() ?? [];
    if (largest && oldest !== undefined) this.#remove(largest[0], oldest);
  }
}
