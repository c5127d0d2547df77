import { randomBytes } from 'node:crypto';

export type BatchStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

export interface BatchProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly param: string | null;
}

/** A batch and how far it is. */
export interface StoredBatch {
  readonly id: string;
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly completionWindow: string;
  readonly metadata: unknown;
  readonly createdAt: number;
  status: BatchStatus;
  outputFileId: string | undefined;
  errorFileId: string | undefined;
  problems: readonly BatchProblem[];
  counts: { readonly completed: number; readonly failed: number; readonly total: number };
  /** When it came into each status, by its name. */
  readonly at: Map<BatchStatus, number>;
}

/** The batches of one account, newest last. */
export class BatchShelf {
  readonly #batches = new Map<string, StoredBatch>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(facts: Pick<StoredBatch, 'endpoint' | 'inputFileId' | 'completionWindow' | 'metadata'>): StoredBatch {
    const batch: StoredBatch = {
      ...facts,
      id: `batch_${randomBytes(12).toString('hex')}`,
      createdAt: this.#now(),
      status: 'validating',
      outputFileId: undefined,
      errorFileId: undefined,
      problems: [],
      counts: { completed: 0, failed: 0, total: 0 },
      at: new Map(),
    };
    this.#batches.set(batch.id, batch);
    return batch;
  }

  enter(batch: StoredBatch, status: BatchStatus): void {
    batch.status = status;
    batch.at.set(status, this.#now());
  }

  get(id: string): StoredBatch | undefined {
    return this.#batches.get(id);
  }

  list(): StoredBatch[] {
    return [...this.#batches.values()];
  }
}
