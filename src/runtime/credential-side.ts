import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Credential } from '../credential.ts';
import { CredentialPool } from '../credentials/pool.ts';
import { SharedGates } from '../credentials/shared-gates.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { State } from '../state.ts';
import { CredentialDesk } from './credential-desk.ts';
import { CredentialStore } from './credential-store.ts';
import { FleetNews } from './fleet-news.ts';
import { toPoolSettings } from './pool-settings.ts';
import { QuotaBook } from './quota-book.ts';
import { RestKeeper } from './rest-keeper.ts';
import { SharedReadings } from './shared-readings.ts';
import type { SurfaceSet } from './surfaces.ts';
import { UnknownRefusals } from './unknown-refusals.ts';

export interface CredentialSideParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly state: State;
  readonly set: SurfaceSet;
  /** Asks its surface whether a credential works. */
  check(credential: Credential): Promise<void>;
  /** A credential of the surface has come or gone. */
  changed(surface: string): void;
  forget(id: string): void;
}

/** Everything of a runtime that is about credentials: who is lent out, what is known of them, and where that is kept. */
export class CredentialSide {
  readonly pool: CredentialPool;
  readonly desk: CredentialDesk;
  /** What surfaces said that nobody knew. */
  readonly refusals: UnknownRefusals;
  /** While what outlived the last process is read. */
  restoring: Promise<void> | undefined;
  readonly #log: Log;
  readonly #quotas: QuotaBook;
  readonly #keeper: RestKeeper;
  /** Both undefined where this process is alone. */
  readonly #gates: SharedGates | undefined;
  readonly #news: FleetNews | undefined;

  constructor(parts: CredentialSideParts, before?: CredentialSide) {
    const { config, clock, log, state, set } = parts;
    const store = new CredentialStore(state.database, config, clock, log);
    this.#log = log;
    this.refusals = before?.refusals ?? new UnknownRefusals(clock, log);
    const { coordination } = state;
    const isFleet = coordination.kind === 'redis';
    this.#gates = isFleet ? new SharedGates(coordination, clock) : undefined;
    this.pool = new CredentialPool(set.credentials, clock, {
      ...toPoolSettings(config),
      shared: this.#gates,
      onFailed: (credential, error) => {
        this.refusals.heard(error);
        this.#quotas.failed(credential, error);
      },
      onRests: () => {
        this.#keeper.changed();
        this.#news?.changed();
      },
    });
    const { pool } = this;
    this.#keeper = new RestKeeper({ pool, store, clock, log });
    const shared = isFleet ? new SharedReadings(coordination) : undefined;
    const reading = { clock, log, pool, surfaces: set.surfaces, shared };
    this.#quotas = new QuotaBook(reading, before ? before.#quotas : undefined);
    this.desk = new CredentialDesk(
      {
        ...{ config, clock, log, pool, store, quotas: this.#quotas },
        ask: (credential) => parts.check(credential),
        changed: (surface) => {
          this.#keeper.changed();
          parts.changed(surface);
        },
        storedAnew: () => this.#news?.storedAnew(),
        forget: (id) => parts.forget(id),
      },
      before?.desk,
    );
    const storedAnew = () => void this.#orLogged(() => this.#readStored(parts));
    const switched = () => {
      for (const id of set.surfaces.keys()) parts.changed(id);
    };
    this.#news = isFleet ? new FleetNews({ pool, coordination, clock, log, storedAnew, switched }) : undefined;
    if (before) pool.adopt(before.pool);
    else this.restoring = this.#restore(parts);
  }

  /** Looks after quotas from now on, and listens to the other replicas. */
  start(): void {
    this.#quotas.start();
    this.#gates?.start();
    this.#news?.start();
  }

  stop(): void {
    this.#quotas.stop();
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    await this.restoring;
    this.#gates?.close();
    await this.#news?.close();
    await this.#keeper.close();
  }

  async #restore(parts: CredentialSideParts): Promise<void> {
    await this.#orLogged(async () => {
      await this.#readStored(parts);
      await this.#keeper.restore();
    });
    this.restoring = undefined;
  }

  async #readStored(parts: CredentialSideParts): Promise<void> {
    for (const surface of await this.desk.restore()) parts.changed(surface);
  }

  /** Without its database the gateway serves all the same. */
  async #orLogged(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const why = GatewayError.from(thrown).message;
      this.#log.warn({ why }, 'what was stored of the credentials could not be read');
    }
  }
}
