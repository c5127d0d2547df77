import type { TokenCalibration } from '../chat/token-calibration.ts';
import type { Clock } from '../clock.ts';
import type { Lease } from '../credentials/lease.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution, Target } from '../models/resolve.ts';
import type { ChatCall } from './call.ts';

export interface Attempt {
  readonly target: Target;
  readonly lease: Lease;
}

/** What the choice of a credential may follow, beside the call itself. */
export interface Caller {
  /** What belongs together and should stay with one account; default: the owner. */
  readonly stickyKey?: string | undefined;
  /** The account in which what the request names lies. */
  readonly only?: string | undefined;
  /** Ids of credentials that serve the first attempt only if nobody else can. */
  readonly others?: ReadonlySet<string> | undefined;
}

export interface AttemptParts {
  readonly pool: CredentialPool;
  readonly clock: Clock;
  readonly tokens: TokenCalibration;
  /** How long the call may wait in all for a free place, milliseconds. */
  readonly queueMs: number;
}

const NOBODY: ReadonlySet<string> = new Set();

/** The attempts of one call: whom it has tried, and whose turn is next. */
export class Attempts {
  count = 0;
  /** What was waited for free places, milliseconds. */
  queuedMs = 0;
  /** Why attempts were given up, oldest first. */
  readonly given: string[] = [];
  readonly #call: ChatCall & Caller;
  readonly #targets: readonly Target[];
  readonly #parts: AttemptParts;
  /** Those whose attempt failed; and of them those that would refuse this request again. */
  #tried = NOBODY;
  #never = NOBODY;
  #last: GatewayError | undefined;

  constructor(call: ChatCall & Caller, resolution: Resolution, parts: AttemptParts) {
    this.#call = call;
    this.#targets = resolution.targets;
    this.#parts = parts;
  }

  /** The next credential of the first surface with a free place, an untried one if possible; else the first to be free. */
  next(): Attempt | Promise<Attempt> {
    const { owner, signal, stickyKey = owner, only, others = NOBODY } = this.#call;
    const lease = this.#parts.pool.lease({
      targets: this.#targets,
      avoid: this.#tried.size === 0 ? others : this.#tried,
      never: this.#never,
      only,
      owner,
      stickyKey,
      estimate: this.#estimate(),
      signal,
      waitMs: this.#mayWaitMs,
    });
    return lease instanceof Promise ? this.#wait(lease) : this.#attempt(lease);
  }

  failed({ target, lease }: Attempt, error: GatewayError): void {
    closeLease(lease, error);
    this.#last = error;
    this.#tried = new Set([...this.#tried, lease.credential.id]);
    if (error.row.retry === 'elsewhere') this.#never = new Set([...this.#never, lease.credential.id]);
    this.given.push(`${target.surface} ${lease.credential.id}: ${error.code}`);
  }

  /** A credential that could serve and was not tried yet. */
  get othersLeft(): boolean {
    return this.#targets.some((target) => this.#parts.pool.hasOther(target, this.#tried, 0, this.#call.only));
  }

  /** A credential that would not refuse this request again could serve while it waits. */
  get anyLeft(): boolean {
    return this.#targets.some((target) =>
      this.#parts.pool.hasOther(target, this.#never, this.#mayWaitMs, this.#call.only),
    );
  }

  get #mayWaitMs(): number {
    return Math.max(0, this.#parts.queueMs - this.queuedMs);
  }

  #attempt(lease: Lease): Attempt {
    const target = this.#targets[lease.target];
    if (!target) throw new GatewayError('internal');
    this.count++;
    return { target, lease };
  }

  async #wait(coming: Promise<Lease>): Promise<Attempt> {
    const { clock } = this.#parts;
    const since = clock.ticks();
    try {
      return this.#attempt(await coming);
    } catch (thrown) {
      // What the surface said itself tells more than that nobody else was free; unless it was about one credential.
      if (!this.#call.signal.aborted && this.#last?.row.retry === 'anywhere') throw this.#last;
      throw thrown;
    } finally {
      this.queuedMs += clock.ticks() - since;
    }
  }

  #estimate() {
    const { body, asked } = this.#call;
    const { model = '', facts } = this.#targets[0] ?? {};
    const window = facts?.context ?? Number.POSITIVE_INFINITY;
    return {
      prompt: Math.min(this.#parts.tokens.ofBytes(model, body.length), window),
      cap: () => {
        const cap = asked.document.get('max_completion_tokens') ?? asked.document.get('max_tokens');
        return typeof cap === 'number' && cap > 0 ? Math.min(cap, window) : undefined;
      },
    };
  }
}

/** A client that leaves is never a credential's failure. */
export function closeLease(lease: Lease, error: GatewayError): void {
  if (error.code === 'client_closed') lease.released();
  else lease.failed(error);
}
