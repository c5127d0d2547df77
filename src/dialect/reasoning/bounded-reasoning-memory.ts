import type { Clock } from '../../clock.ts';
import type { ForeignThoughts, ReasoningMemory } from './reasoning-memory.ts';

export interface ReasoningLimits {
  /** Answers that are remembered. */
  readonly entries: number;
  /** Of all texts and keys together, two per character. */
  readonly bytes: number;
  /** Since an answer was last asked for, milliseconds. */
  readonly age: number;
}

export const DEFAULT_REASONING_LIMITS: ReasoningLimits = {
  entries: 20_000,
  bytes: 64 * 1024 * 1024,
  age: 7 * 24 * 60 * 60 * 1000,
};

/** One remembered answer, in the shape in which a store keeps it. */
export interface ReasoningEntry {
  readonly owner: string;
  readonly calls: readonly string[];
  readonly reasoning: string;
  readonly foreign?: ForeignThoughts | undefined;
  /** When it was stored or last asked for, milliseconds since the epoch. */
  readonly at: number;
}

/** Keeps the most recently used answers in memory. */
export class BoundedReasoningMemory implements ReasoningMemory {
  readonly #clock: Clock;
  readonly #limits: ReasoningLimits;
  /** In order of use, the longest unused first. Every key in `#byKey` leads to an entry that stands here. */
  readonly #entries = new Set<ReasoningEntry>();
  readonly #byKey = new Map<string, ReasoningEntry>();
  /** Hears of every answer that is remembered; set by whoever keeps them elsewhere too. */
  onRemembered: ((entry: ReasoningEntry) => void) | undefined;
  #bytes = 0;

  constructor(clock: Clock, limits: ReasoningLimits = DEFAULT_REASONING_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  recall(owner: string, call: string): string | undefined {
    return this.#use(owner, call)?.reasoning;
  }

  recallForeign(owner: string, call: string): ForeignThoughts | undefined {
    return this.#use(owner, call)?.foreign;
  }

  remember(owner: string, calls: readonly string[], reasoning: string, foreign?: ForeignThoughts): void {
    const entry = { owner, calls, reasoning, at: this.#clock.now(), ...(foreign ? { foreign } : {}) };
    if (this.#add(entry)) this.onRemembered?.(entry);
  }

  /** Everything, the longest unused first. */
  snapshot(): readonly ReasoningEntry[] {
    return [...this.#entries];
  }

  /** Takes up what `snapshot` gave; what exceeds the limits is left out. */
  restore(entries: Iterable<ReasoningEntry>): void {
    for (const entry of entries) this.#add(entry);
  }

  #use(owner: string, call: string): ReasoningEntry | undefined {
    this.#forgetOld();
    const entry = this.#byKey.get(keyOf(owner, call));
    if (entry === undefined) return undefined;
    this.#entries.delete(entry);
    const used = { ...entry, at: this.#clock.now() };
    this.#entries.add(used);
    this.#index(used);
    return entry;
  }

  /** Whether it was worth keeping. */
  #add(entry: ReasoningEntry): boolean {
    const bytes = sizeOf(entry);
    if (
      entry.calls.length === 0 ||
      (entry.reasoning === '' && entry.foreign === undefined) ||
      bytes > this.#limits.bytes
    )
      return false;
    for (const call of entry.calls) {
      const before = this.#byKey.get(keyOf(entry.owner, call));
      if (before) this.#remove(before);
    }
    this.#entries.add(entry);
    this.#index(entry);
    this.#bytes += bytes;
    this.#forgetOld();
    return true;
  }

  #index(entry: ReasoningEntry): void {
    for (const call of entry.calls) this.#byKey.set(keyOf(entry.owner, call), entry);
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - this.#limits.age;
    for (const entry of this.#entries) {
      const isOver = this.#entries.size > this.#limits.entries || this.#bytes > this.#limits.bytes;
      if (!isOver && entry.at >= oldest) return;
      this.#remove(entry);
    }
  }

  #remove(entry: ReasoningEntry): void {
    this.#entries.delete(entry);
    this.#bytes -= sizeOf(entry);
    for (const call of entry.calls) this.#byKey.delete(keyOf(entry.owner, call));
  }
}

function keyOf(owner: string, call: string): string {
  return `${owner}\n${call}`;
}

function sizeOf({ owner, calls, reasoning, foreign }: ReasoningEntry): number {
  const texts = reasoning.length + (foreign?.json.length ?? 0);
  return 2 * calls.reduce((sum, call) => sum + owner.length + call.length, texts);
}
