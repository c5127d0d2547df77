import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { PoolState } from '../credentials/pool-state.ts';
import type { Log } from '../log.ts';
import type { CredentialStore } from './credential-store.ts';

/** Changes are written together, this long after the first. */
const WRITE_MS = 2_000;
/** A rest that ends by itself before this is not worth a row. */
const WORTH_MS = 60_000;

export interface KeeperParts {
  readonly pool: CredentialPool;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes down who rests, so that a restart neither forgets it nor asks a vendor what it has just said. */
export class RestKeeper {
  readonly #parts: KeeperParts;
  /** Nothing that is worth a row, and no row. */
  #written = keyOf({ rests: [], disabled: [] });
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** What was written last, as far as its cause can still be believed. */
  async restore(): Promise<void> {
    const { store, pool } = this.#parts;
    const state = await store.readState();
    if (!state) return;
    pool.restore(state);
    this.#written = this.#worth().key;
  }

  changed(): void {
    if (this.#cancel) return;
    this.#cancel = this.#parts.clock.after(WRITE_MS, () => {
      this.#cancel = undefined;
      this.#writing = this.#write();
    });
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    const isDue = this.#cancel !== undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#writing;
    if (isDue) await this.#write();
  }

  async #write(): Promise<void> {
    const { store, log } = this.#parts;
    const { state, key } = this.#worth();
    if (key === this.#written) return;
    try {
      await store.writeState(state);
      this.#written = key;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      log.warn({ why }, 'who rests could not be written down; after a restart it has to be found out again');
    }
  }

  #worth(): { readonly state: PoolState; readonly key: string } {
    const { pool, clock } = this.#parts;
    const now = clock.now();
    const all = pool.snapshot();
    const rests = all.rests.filter(({ rest }) => rest.end !== 'open' || rest.until - now > WORTH_MS);
    const state = { ...all, rests };
    return { state, key: keyOf(state) };
  }
}

const keyOf = ({ rests, disabled }: Pick<PoolState, 'rests' | 'disabled'>) => JSON.stringify([rests, disabled]);
