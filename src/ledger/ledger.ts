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
/** Rows that wait while the database is lost; further ones are counted and dropped. */
const ROWS_KEPT = 20_000;
/** Beyond this many waiting rows, what was said is left out. */
const BODIES_KEPT = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const SWEEP_MS = 3_600_000;

/** Who used what, when, and what it cost. Written in batches behind the answers, never in their way. */
export class Ledger {
  readonly #parts: LedgerParts;
  #settings: LedgerSettings;
  #redaction: Redaction;
  /** The last one is filled; those before it wait for the database. */
  #batches: RowBatch[] = [new RowBatch()];
  /** One that was written, to be filled again. */
  #spare: RowBatch | undefined;
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
    if (batch.isFull && this.#pauseMs === FLUSH_MS) void this.flush();
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
    const batch = this.#spare ?? new RowBatch();
    this.#spare = undefined;
    this.#batches.push(batch);
    return batch;
  }

  async #write(): Promise<void> {
    for (let batch = this.#batches[0]; batch && this.#waiting > 0; batch = this.#batches[0]) {
      // What comes while it is written goes into the next one.
      if (this.#batches.length === 1) this.#begin();
      if ((await this.#insert(batch)) === 'later') {
        this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
        if (this.#cancel === undefined) this.#schedule();
        return;
      }
      this.#pauseMs = FLUSH_MS;
      this.#waiting -= batch.count;
      this.#batches.shift();
      batch.clear();
      this.#spare = batch;
    }
    await this.#sweep();
  }

  async #insert(batch: RowBatch): Promise<'done' | 'later'> {
    if (batch.count === 0) return 'done';
    const { database, log } = this.#parts;
    const rows = batch.rows();
    const { bodies } = batch;
    try {
      await insertRows(database, rows);
      if (bodies.length > 0) await insertBodies(database, bodies);
    } catch (cause) {
      if (cause instanceof GatewayError) return 'later';
      log.error({ err: cause, rows: batch.count }, 'rows of the ledger were refused');
    }
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
