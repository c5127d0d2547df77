import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Catalogue, ListedModel } from '../models/catalogue.ts';
import type { Place } from '../upstreams/adapter.ts';
import type { Surface } from '../upstreams/surface.ts';

/** A surface that does not answer is asked again after this time, whatever `models.refresh_ms` says. */
const RETRY_MS = 60_000;
const LIST_TIMEOUT_MS = 15_000;
/** The lists of so many accounts make that of a surface; those that may be used the earliest are asked. */
const ACCOUNTS_ASKED = 10;

export interface ModelListParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: CredentialPool;
  readonly catalogue: Catalogue;
  readonly surfaces: ReadonlyMap<string, Surface>;
  readonly refreshMs: number;
}

/** Keeps the catalogue equal to the model lists of the surfaces that have a credential. */
export class ModelLists {
  readonly #parts: ModelListParts;
  readonly #stop = new AbortController();
  readonly #timers = new Map<string, () => void>();

  constructor(parts: ModelListParts) {
    this.#parts = parts;
  }

  /** Reads all lists now and from then on at intervals. Resolves when each surface has been asked once. */
  async start(): Promise<void> {
    const { surfaces, pool } = this.#parts;
    await Promise.all([...surfaces.values()].filter(({ id }) => pool.has(id)).map((surface) => this.refresh(surface)));
  }

  async refresh(surface: Surface): Promise<void> {
    const { catalogue, clock, log, refreshMs } = this.#parts;
    let next = refreshMs;
    try {
      catalogue.update(surface.id, await this.#read(surface));
      log.debug({ surface: surface.id, models: catalogue.list(surface.id)?.size }, 'model list read');
    } catch (thrown) {
      next = Math.min(RETRY_MS, refreshMs);
      const error = GatewayError.from(thrown);
      if (!this.#stop.signal.aborted) {
        log.warn({ surface: surface.id, code: error.code, why: error.message }, 'model list could not be read');
      }
    }
    if (this.#stop.signal.aborted) return;
    this.#timers.get(surface.id)?.();
    this.#timers.set(
      surface.id,
      clock.after(next, () => void this.refresh(surface)),
    );
  }

  stop(): void {
    this.#stop.abort();
    for (const cancel of this.#timers.values()) cancel();
  }

  /** What the accounts of a surface offer together: one may have what another has not. */
  async #read(surface: Surface): Promise<readonly ListedModel[]> {
    const { pool } = this.#parts;
    const ofAccounts = new Map<string, Credential>();
    const all = pool.all(surface.id);
    // What only somebody can bring back offers nothing; where that is all of them, their list is kept for when they are back.
    const usable = all.filter(({ id }) => pool.isUsable(id));
    for (const credential of usable.length > 0 ? usable : all) {
      const account = pool.accountOf(credential.id) ?? credential.id;
      if (!ofAccounts.has(account) && ofAccounts.size < ACCOUNTS_ASKED) ofAccounts.set(account, credential);
    }
    const asked = await Promise.allSettled([...ofAccounts.values()].map((credential) => this.ask(credential)));
    const lists = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const [failed] = asked.filter((result) => result.status === 'rejected');
    if (lists.length === 0) throw failed?.reason ?? new GatewayError('no_credentials');
    return [...new Map(lists.flat().map((model) => [model.id, model])).values()];
  }

  /** What its surface offers to this credential. */
  ask(credential: Credential) {
    const place = this.#placeOf(credential);
    return place.surface.adapter.listModels(place);
  }

  /** Whether the surface takes the credential: by whatever it has that costs nothing. */
  async check(credential: Credential): Promise<void> {
    const place = this.#placeOf(credential);
    const { adapter } = place.surface;
    await (adapter.check ? adapter.check(place) : adapter.listModels(place));
  }

  #placeOf(credential: Credential): Place {
    const surface = this.#parts.surfaces.get(credential.surface);
    if (!surface) throw new GatewayError('no_credentials');
    const timeouts = { firstByteMs: LIST_TIMEOUT_MS, idleMs: LIST_TIMEOUT_MS, totalMs: LIST_TIMEOUT_MS };
    const { clock } = this.#parts;
    return { surface: { ...surface, timeouts }, credential, clock, signal: this.#stop.signal };
  }
}
