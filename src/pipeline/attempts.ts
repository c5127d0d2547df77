import { blameOf } from '../atlas/index.ts';
import type { TokenCalibration } from '../chat/token-calibration.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
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

/**
 * After so many tries in a round that ended with the engine at fault, the other credentials of the surface are passed
 * over: they stand before the same engine, and a vendor that is down is not asked by every key that there is.
 */
const ENGINE_TRIES = 3;

/** The attempts of one call: whom it has tried, and whose turn is next. */
export class Attempts {
  count = 0;
  /** From 1. In a round every credential is tried at most once, while there is another. */
  round = 1;
  /** What was waited for free places, milliseconds. */
  queuedMs = 0;
  /** Why attempts were given up, oldest first. */
  readonly given: string[] = [];
  readonly #call: ChatCall & Caller;
  readonly #targets: readonly Target[];
  readonly #parts: AttemptParts;
  /** Those whose attempt in this round failed; and those that would refuse this request again. */
  #tried: ReadonlySet<string>;
  #never: ReadonlySet<string>;
  /** Failures of the engine in this round, by surface; undefined: none. */
  #engine: Map<string, number> | undefined;
  /** When the first attempt failed, ticks. */
  #failedAt: number | undefined;
  #last: GatewayError | undefined;

  constructor(call: ChatCall & Caller, resolution: Resolution, parts: AttemptParts) {
    this.#call = call;
    const { bound } = call;
    this.#targets =
      bound?.surface === undefined
        ? resolution.targets
        : resolution.targets.filter(({ surface }) => surface === bound.surface);
    this.#tried = bound?.never ?? NOBODY;
    this.#never = this.#tried;
    this.#parts = parts;
  }

  /** The next credential of the first surface with a free place, an untried one if possible; else the first to be free. */
  next(): Attempt | Promise<Attempt> {
    const { owner, signal, stickyKey = owner, only, others = NOBODY } = this.#call;
    const lease = this.#parts.pool.lease({
      targets: this.#targets,
      avoid: this.#avoid(others),
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
    this.#failedAt ??= this.#parts.clock.ticks();
    const { id } = lease.credential;
    this.#tried = new Set([...this.#tried, id]);
    if (error.row.retry === 'elsewhere') {
      this.#pass(error.code === 'client_refused' ? this.#sameNames(target.surface, lease.credential) : [id]);
    }
    if (error.row.retry === 'surface') this.#pass(this.#idsOf(target.surface));
    if (blameOf(error) === 'engine') this.#engineFailed(target.surface);
    this.given.push(`${target.surface} ${lease.credential.id}: ${error.code}`);
  }

  /** After a pause everybody who would not refuse this request again may be tried once more. */
  nextRound(): void {
    this.round++;
    this.#tried = this.#never;
    this.#engine = undefined;
  }

  /** Since the first attempt failed, milliseconds. */
  get elapsedMs(): number {
    return this.#failedAt === undefined ? 0 : this.#parts.clock.ticks() - this.#failedAt;
  }

  /** A credential that could serve now and was not tried in this round. */
  get othersLeft(): boolean {
    return this.#others(0);
  }

  /** The same, after a wait that the call may still afford. */
  get othersSoon(): boolean {
    return this.#others(this.#mayWaitMs);
  }

  /** A credential that would not refuse this request again could serve while it waits. */
  get anyLeft(): boolean {
    return this.#others(this.#mayWaitMs, this.#never);
  }

  get #mayWaitMs(): number {
    return Math.max(0, this.#parts.queueMs - this.queuedMs);
  }

  #attempt(lease: Lease): Attempt {
    const target = this.#targets[lease.target];
    if (!target) throw new GatewayError('internal');
    this.count++;
    // Nobody else was free: that is a round of its own, so that there is an end to it.
    if (this.#tried.has(lease.credential.id)) this.nextRound();
    return { target, lease };
  }

  #others(withinMs: number, known = this.#tried): boolean {
    return this.#targets.some((target) => this.#parts.pool.hasOther(target, known, withinMs, this.#call.only));
  }

  /** At first whoever is strange to the conversation, or not the one that began the search. */
  #avoid(others: ReadonlySet<string>): ReadonlySet<string> {
    const { bound } = this.#call;
    if (bound !== undefined && this.count === 0) return bound.strange;
    return this.#tried.size === 0 ? others : this.#tried;
  }

  #pass(ids: readonly string[]): void {
    this.#never = new Set([...this.#never, ...ids]);
    this.#tried = new Set([...this.#tried, ...ids]);
  }

  #engineFailed(surface: string): void {
    this.#engine ??= new Map();
    const failures = (this.#engine.get(surface) ?? 0) + 1;
    this.#engine.set(surface, failures);
    if (failures >= ENGINE_TRIES) this.#tried = new Set([...this.#tried, ...this.#idsOf(surface)]);
  }

  /** Those that call under the name that was refused: another key of theirs makes it no better. */
  #sameNames(surface: string, refused: Credential): readonly string[] {
    const nameOf = ({ userAgentVersion, headers }: Credential) => userAgentVersion ?? headers['user-agent'];
    const all = this.#parts.pool.all(surface);
    return all.filter((one) => nameOf(one) === nameOf(refused)).map(({ id }) => id);
  }

  #idsOf(surface: string): readonly string[] {
    return this.#parts.pool.all(surface).map(({ id }) => id);
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
