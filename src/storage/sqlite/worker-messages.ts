import type { PackedRows } from '../packed-rows.ts';

/** What the thread of the SQLite file is asked, and what it answers. */
export interface WorkerRequest {
  readonly id: number;
  /** Undefined closes the file and ends the thread. */
  readonly sql: string | undefined;
  readonly parameters: readonly (string | number | bigint | null | Uint8Array)[] | readonly PackedRows[];
}

export interface WorkerFailure {
  readonly message: string;
  /** SQLite's extended result code; 0 where the failure is not SQLite's own. */
  readonly errcode: number;
}

export interface WorkerAnswer {
  /** That of the request; 0 tells how opening went. */
  readonly id: number;
  readonly rows?: readonly unknown[];
  readonly changes?: number | bigint;
  readonly failure?: WorkerFailure;
}
