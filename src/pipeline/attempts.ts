import type { CredentialPool, Lease } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution, Target } from '../models/resolve.ts';

export interface Attempt {
  readonly target: Target;
  readonly lease: Lease;
}

/** The attempts of one call: whom it has tried, and whose turn is next. */
export class Attempts {
  count = 0;
  /** Why attempts were given up, oldest first. */
  readonly given: string[] = [];
  readonly #targets: readonly Target[];
  readonly #pool: CredentialPool;
  readonly #tried = new Set<string>();
  #last: GatewayError | undefined;

  constructor(resolution: Resolution, pool: CredentialPool) {
    this.#targets = resolution.targets;
    this.#pool = pool;
  }

  /** The next credential of the first surface that has one: an untried one if possible. Throws if all rest. */
  next(): Attempt {
    const attempt = this.#lease(this.#tried) ?? this.#lease(NOBODY);
    if (!attempt) throw this.#last ?? this.#allResting();
    this.count++;
    this.#tried.add(attempt.lease.credential.id);
    return attempt;
  }

  failed({ target, lease }: Attempt, error: GatewayError): void {
    closeLease(lease, error);
    this.#last = error;
    this.given.push(`${target.surface} ${lease.credential.id}: ${error.code}`);
  }

  /** A credential that could serve and was not tried yet. */
  get othersLeft(): boolean {
    return this.#targets.some(({ surface }) =>
      this.#pool.all(surface).some((credential) => !this.#tried.has(credential.id)),
    );
  }

  #lease(avoid: ReadonlySet<string>): Attempt | undefined {
    for (const target of this.#targets) {
      const lease = this.#pool.lease(target.surface, avoid);
      if (lease) return { target, lease };
    }
    return undefined;
  }

  #allResting(): GatewayError {
    const wait = this.#pool.nextFreeIn(this.#targets.map(({ surface }) => surface));
    return new GatewayError('all_resting', wait === undefined ? {} : { retryAfterMs: wait });
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** A client that leaves is never a credential's failure. */
export function closeLease(lease: Lease, error: GatewayError): void {
  if (error.code === 'client_closed') lease.released();
  else lease.failed(error);
}
