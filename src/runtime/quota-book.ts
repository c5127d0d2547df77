import { actionOf } from '../atlas/index.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import { LONGEST_REST_MS } from '../credentials/cool-down.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Place } from '../upstreams/adapter.ts';
import type { QuotaReading } from '../upstreams/quota.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { SharedReading, SharedReadings } from './shared-readings.ts';

/** No account is asked more often than this, whoever wants to know. */
const POLITE_MS = 60_000;
/** While an account is used, its quota is looked at this often; while it is not, nobody asks. */
const LOOK_MS = 5 * 60_000;
/** An account that rests for its quota is looked at shortly before its rest would be tried out by a request. */
const LOOK_AGAIN_MS = LONGEST_REST_MS - 60_000;
/** The official client waits 8 s (MoonshotAI/kimi-code managed-usage.ts). */
const TIMEOUT_MS = 8_000;

/** What is known of an account's quota. */
export interface KnownQuota {
  /** When it was read, or was to be; milliseconds since the epoch. */
  readonly at: number;
  /** Undefined: never yet, or the surface does not tell. */
  readonly reading: QuotaReading | undefined;
  /** Why the last reading failed. */
  readonly problem: string | undefined;
}

export interface QuotaParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: CredentialPool;
  readonly surfaces: ReadonlyMap<string, Surface>;
  /** What other replicas have read; undefined where there are none. */
  readonly shared: SharedReadings | undefined;
}

/** Reads what accounts have left, seldom, and tells the pool: one that is used up rests until its quota begins anew. */
export class QuotaBook {
  readonly #parts: QuotaParts;
  readonly #stop = new AbortController();
  /** By account. */
  readonly #known: Map<string, KnownQuota>;
  readonly #reading = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, () => void>();
  /** Calls that the accounts had served by the time of the last look. */
  readonly #served = new Map<string, number>();
  readonly #identified = new Set<string>();

  constructor(parts: QuotaParts, before?: QuotaBook) {
    this.#parts = parts;
    this.#known = before === undefined ? new Map() : new Map(before.#known);
  }

  of(credential: Credential): KnownQuota | undefined {
    return this.#known.get(this.#accountOf(credential));
  }

  /** Looks at what is used from now on. Asks nobody yet. */
  start(): void {
    if (this.#hasWindows()) this.#later('look', LOOK_MS, () => this.#lookAtUsed());
  }

  /** A call failed: if for want of quota, until when. */
  failed(credential: Credential, error: GatewayError): void {
    const { clock, surfaces } = this.#parts;
    if (actionOf(error) !== 'await_quota' || !surfaces.get(credential.surface)?.adapter.readQuota) return;
    const account = this.#accountOf(credential);
    const wait = this.#politeIn(account);
    const since = clock.now();
    if (wait === 0) void this.read(credential, since);
    else this.#later(account, wait, () => void this.read(credential, since));
  }

  /** Reads the quota of every account whose last reading is older than polite. */
  async refresh(): Promise<void> {
    await Promise.all(this.#oneOfEach().map(({ credential }) => this.read(credential)));
  }

  /** Reads one, unless that was done a moment ago; what was read before `since` tells too little. Never throws. */
  async read(credential: Credential, since = 0): Promise<void> {
    const account = this.#accountOf(credential);
    const { clock, surfaces } = this.#parts;
    const surface = surfaces.get(credential.surface);
    if (!surface?.adapter.readQuota || this.#stop.signal.aborted || this.#politeIn(account) > 0) {
      return this.#reading.get(account);
    }
    const before = this.#known.get(account)?.reading;
    this.#known.set(account, { at: clock.now(), reading: before, problem: undefined });
    const reading = this.#read(credential, account, surface, since).finally(() => this.#reading.delete(account));
    this.#reading.set(account, reading);
    return reading;
  }

  stop(): void {
    this.#stop.abort();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  async #read(credential: Credential, account: string, surface: Surface, since: number): Promise<void> {
    const { clock, log, pool } = this.#parts;
    const { id } = credential;
    const timeouts = { firstByteMs: TIMEOUT_MS, idleMs: TIMEOUT_MS, totalMs: TIMEOUT_MS };
    const place = { surface: { ...surface, timeouts }, credential, clock, signal: this.#stop.signal };
    try {
      const { at, reading } = (await this.#readElsewhere(id)) ?? (await this.#readHere(place));
      if (this.#stop.signal.aborted) return;
      this.#known.set(account, { at, reading, problem: undefined });
      if (at < since) this.#later(account, this.#politeIn(account), () => void this.read(credential, since));
      pool.heardOfQuota(id, reading?.spentUntil);
      this.#lookAgain(credential, account, reading?.spentUntil);
      await this.#identify(place);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (this.#stop.signal.aborted) return;
      this.#known.set(account, {
        at: clock.now(),
        reading: this.#known.get(account)?.reading,
        problem: error.message,
      });
      log.debug({ credential: id, code: error.code, why: error.message }, 'quota could not be read');
    }
  }

  async #readElsewhere(id: string): Promise<SharedReading | undefined> {
    const { pool, shared } = this.#parts;
    const name = shared && pool.sharedNameOf(id);
    return name === undefined ? undefined : shared?.find(name);
  }

  async #readHere(place: Place): Promise<SharedReading> {
    const { clock, pool, shared } = this.#parts;
    const { surface, credential } = place;
    const reading = await surface.adapter.readQuota?.(place);
    const read = { at: clock.now(), reading };
    const name = shared && pool.sharedNameOf(credential.id);
    if (name !== undefined) void shared?.keep(name, read, POLITE_MS);
    return read;
  }

  /** What is used up for long is looked at by its quota, so that no request is spent on finding out. */
  #lookAgain(credential: Credential, account: string, spentUntil: number | undefined): void {
    // Nobody can tell when an empty account is topped up.
    const wait = spentUntil === Number.POSITIVE_INFINITY ? LOOK_MS : LOOK_AGAIN_MS;
    if (spentUntil === undefined || spentUntil - this.#parts.clock.now() <= wait) return;
    this.#later(account, wait, () => void this.read(credential));
  }

  /** Once for each credential, and only where there is another one with which it may share the account. */
  async #identify(place: Place): Promise<void> {
    const { surface, credential } = place;
    const { pool } = this.#parts;
    if (this.#identified.has(credential.id) || !surface.adapter.readIdentity || pool.all(surface.id).length < 2) return;
    this.#identified.add(credential.id);
    const identity = await surface.adapter.readIdentity(place);
    if (identity !== undefined) pool.learnAccount(credential.id, identity);
  }

  #lookAtUsed(): void {
    for (const { credential, served } of this.#oneOfEach()) {
      const account = this.#accountOf(credential);
      const surface = this.#parts.surfaces.get(credential.surface);
      if (surface?.kind === 'coding' && served !== this.#served.get(account)) void this.read(credential);
      this.#served.set(account, served);
    }
    this.start();
  }

  /** One credential of every account that tells its quota, with what the account has served. */
  #oneOfEach(): readonly { readonly credential: Credential; readonly served: number }[] {
    const { pool, surfaces } = this.#parts;
    const found = new Map<string, { credential: Credential; served: number }>();
    for (const { surface, credentials } of pool.view()) {
      if (!surfaces.get(surface)?.adapter.readQuota) continue;
      for (const { id, account, served } of credentials) {
        const credential = pool.find(id);
        const known = found.get(`${surface} ${account}`);
        if (known) known.served += served;
        else if (credential) found.set(`${surface} ${account}`, { credential, served });
      }
    }
    return [...found.values()];
  }

  /** How long until the account may be asked again, milliseconds. */
  #politeIn(account: string): number {
    const age = this.#parts.clock.now() - (this.#known.get(account)?.at ?? Number.NEGATIVE_INFINITY);
    return age >= 0 && age < POLITE_MS ? POLITE_MS - age : 0;
  }

  #accountOf({ id, surface }: Credential): string {
    return `${surface} ${this.#parts.pool.accountOf(id) ?? id}`;
  }

  #hasWindows(): boolean {
    return [...this.#parts.surfaces.values()].some(({ id, kind }) => kind === 'coding' && this.#parts.pool.has(id));
  }

  #later(name: string, ms: number, action: () => void): void {
    this.#timers.get(name)?.();
    if (this.#stop.signal.aborted) return;
    this.#timers.set(
      name,
      this.#parts.clock.after(ms, () => {
        this.#timers.delete(name);
        action();
      }),
    );
  }
}
