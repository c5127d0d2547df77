import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { LedgerBodyTable } from '../storage/tables/ledger.ts';
import type { FinishedCall } from './call-facts.ts';
import { insertBodies, insertRows } from './insert-rows.ts';
import { Redaction } from './redaction.ts';
import { sweep } from './retention.ts';
import { RowBatch } from './row-batch.ts';
import { type ChargeOf, toRow } from './to-row.ts';

export interface LedgerSettings {
  readonly enabled: boolean;
  readonly keepMs: number;
  readonly bodiesKeepMs: number;
  /** What is stored of a request, and of an answer; 0: nothing. */
  readonly bodiesBytes: number;
  /** The owner's own patterns for what is cut out. */
  readonly redact: readonly string[];
  readonly chargeOf: ChargeOf;
}

export interface LedgerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** The longest that a row waits for others: what a killed process can lose. */
const FLUSH_MS = 1_000;
/** So many rows wait no longer. A commit costs as much as some five hundred rows, and a turn may wait behind it. */
const FLUSH_ROWS = 2_000;
/** The same where what was said is kept, which is large. */
const FLUSH_BODIES = 500;
/** Rows that wait while the database is lost; further ones are counted and dropped. */
const ROWS_KEPT = 20_000;
/** Beyond this many waiting rows, what was said is left out. */
const BODIES_KEPT = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Written batches that are kept, to be filled again. */
const SPARES_KEPT = 4;
const SWEEP_MS = 3_600_000;

/** Who used what, when, and what it cost. Written in batches behind the answers, never in their way. */
export class Ledger {
  readonly #parts: LedgerParts;
  #settings: LedgerSettings;
  #redaction: Redaction;
  /** The last one is filled; those before it are full, or the database could not take them. */
  #batches: RowBatch[] = [];
  /** Some that were written, to be filled again. */
  readonly #spares: RowBatch[] = [];
  #waiting = 0;
  #writing: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #pauseMs = FLUSH_MS;
  #sweptAt = 0;
  #dropped = 0;

  constructor(parts: LedgerParts, settings: LedgerSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#redaction = new Redaction(settings.redact);
  }

  /** From the next row on. */
  configure(settings: LedgerSettings): void {
    this.#settings = settings;
    this.#redaction = new Redaction(settings.redact);
  }

  /** What is to be recorded of a request, and of an answer; 0: nothing. */
  get bodiesBytes(): number {
    return this.#settings.enabled ? this.#settings.bodiesBytes : 0;
  }

  /** Rows that were lost because the database was away for too long, for metrics. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Rows that are not written yet. */
  get waiting(): number {
    return this.#waiting;
  }

  add(call: FinishedCall): void {
    if (!this.#settings.enabled) return;
    if (this.#waiting >= ROWS_KEPT) {
      if (this.#dropped++ === 0) this.#parts.log.error({ kept: ROWS_KEPT }, 'the ledger is full: rows are dropped');
      return;
    }
    const row = toRow(call, this.#settings.chargeOf);
    let batch = this.#batches.at(-1);
    if (batch === undefined || batch.isFull) batch = this.#begin();
    batch.add(row);
    if (call.bodies && this.#waiting < BODIES_KEPT) batch.bodies.push(this.#bodyOf(call, call.bodies));
    this.#waiting++;
    if (this.#writing !== undefined) return;
    const isEnough = this.#waiting >= (call.bodies ? FLUSH_BODIES : FLUSH_ROWS);
    if (isEnough && this.#pauseMs === FLUSH_MS) void this.flush();
    else if (this.#cancel === undefined) this.#schedule();
  }

  /** Writes what waits; resolves when all of it that can be written is. Never throws. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting === 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      // What came meanwhile waits for others of its kind.
      if (this.#waiting > 0 && this.#cancel === undefined) this.#schedule();
    });
    await this.#writing;
  }

  /** Writes the rest. What cannot be written now is lost, and told. */
  async close(): Promise<void> {
    await this.flush();
    this.#cancel?.();
    this.#cancel = undefined;
    const lost = this.#waiting + this.#dropped;
    if (lost > 0)
      this.#parts.log.error({ rows: lost }, 'rows of the ledger are lost: the database could not take them');
  }

  #schedule(): void {
    this.#cancel = this.#parts.clock.after(this.#pauseMs, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  #begin(): RowBatch {
    const batch = this.#spares.pop() ?? new RowBatch();
    this.#batches.push(batch);
    return batch;
  }

  async #write(): Promise<void> {
    const batches = this.#batches;
    // What comes while they are written goes into new ones.
    this.#batches = [];
    if ((await this.#insert(batches)) === 'later') {
      this.#batches.unshift(...batches);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      return;
    }
    this.#pauseMs = FLUSH_MS;
    for (const batch of batches) {
      this.#waiting -= batch.count;
      batch.clear();
      if (this.#spares.length < SPARES_KEPT) this.#spares.push(batch);
    }
    await this.#sweep();
  }

  async #insert(batches: readonly RowBatch[]): Promise<'done' | 'later'> {
    const { database, log } = this.#parts;
    const rows = batches.map((batch) => batch.rows());
    try {
      await insertRows(database, rows);
      for (const { bodies } of batches) if (bodies.length > 0) await insertBodies(database, bodies);
    } catch (cause) {
      if (cause instanceof GatewayError) return 'later';
      if (batches.length > 1) return this.#insertSingly(batches);
      log.error({ err: cause, rows: batches[0]?.count }, 'rows of the ledger were refused');
    }
    return 'done';
  }

  /** One that is refused must not cost the others. What is written twice is there once. */
  async #insertSingly(batches: readonly RowBatch[]): Promise<'done' | 'later'> {
    for (const batch of batches) if ((await this.#insert([batch])) === 'later') return 'later';
    return 'done';
  }

  #bodyOf({ id, at }: FinishedCall, { request, answer }: NonNullable<FinishedCall['bodies']>): LedgerBodyTable {
    return { id, at, request: this.#clean(request), answer: this.#clean(answer) };
  }

  #clean(text: string | undefined): string | null {
    return text === undefined ? null : this.#redaction.apply(text).slice(0, this.#settings.bodiesBytes);
  }

  async #sweep(): Promise<void> {
    const { clock, database, log } = this.#parts;
    const now = clock.now();
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    const { keepMs, bodiesKeepMs } = this.#settings;
    const ages = { rowsBefore: now - keepMs, bodiesBefore: now - bodiesKeepMs };
    await sweep(database, ages).catch((cause: unknown) =>
      log.warn({ err: cause }, 'old rows of the ledger could not be deleted'),
    );
  }
}
