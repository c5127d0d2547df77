import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Place } from '../upstreams/adapter.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { Caller } from './caller.ts';

export interface AccountsParts {
  readonly clock: Clock;
  readonly pool: CredentialPool;
  /** How long a call may wait for a rest of its account to end, milliseconds. */
  readonly queueMs: number;
  /** The surfaces of the default route, in order. */
  surfaces(): readonly Surface[];
}

/** The accounts that have files: those of the open platform, each with the credential that speaks for it. */
export class FileAccounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /**
   * In the order of the route; within a surface those first that do not rest, and among them always the same one for
   * the same caller, so that the caller's files can be used together.
   */
  all({ owner, signal, surfaces }: Caller): readonly Place[] {
    const { clock } = this.#parts;
    const allowed = this.#surfaces().filter(({ id }) => surfaces?.includes(id) ?? true);
    return allowed.flatMap((surface) =>
      this.#credentials(surface.id, owner).map((credential) => ({ surface, credential, clock, signal })),
    );
  }

  /** Throws no_files where there is none. */
  some(caller: Caller): readonly Place[] {
    const places = this.all(caller);
    if (places.length > 0) return places;
    throw new GatewayError('no_files', {
      message:
        'Files and batches are kept by the open platform, moonshot-cn and moonshot-ai: neither the coding subscription nor the web chat has them, and no credential of the platform is on the route.',
      hint: 'Set MOONSHOT_API_KEY, or `surfaces.moonshot-cn.credentials` (moonshot-ai for keys of platform.kimi.ai).',
    });
  }

  /** The same account's place; undefined if it has gone from the configuration. */
  of(surface: string, account: string, caller: Caller): Place | undefined {
    return this.all(caller).find((place) => place.surface.id === surface && place.credential.account === account);
  }

  /** Makes a call in the account: its rests hold, and a failure is one of the credential, as with calls of models. */
  async call<T>(place: Place, work: (place: Place) => Promise<T>): Promise<T> {
    const { pool, queueMs } = this.#parts;
    const { surface, credential, signal } = place;
    const account = pool.accountOf(credential.id) ?? credential.account;
    const errand = await pool.errand({ surface: surface.id, account, signal, waitMs: queueMs });
    try {
      const answer = await work({ ...place, credential: errand.credential });
      errand.succeeded();
      return answer;
    } catch (thrown) {
      errand.failed(GatewayError.from(thrown));
      throw thrown;
    }
  }

  #surfaces(): readonly Surface[] {
    return this.#parts.surfaces().filter(({ kind }) => kind === 'platform');
  }

  #credentials(surface: string, caller: string): readonly Credential[] {
    const { pool } = this.#parts;
    const all = pool.all(surface);
    const rests = (credential: Credential) => {
      const others = new Set(all.flatMap(({ id }) => (id === credential.id ? [] : [id])));
      return pool.hasOther({ surface }, others, 0) ? 0 : 1;
    };
    const ranked = all
      .map((credential) => ({ credential, rest: rests(credential), rank: rank(caller, credential.account) }))
      .sort((one, other) => one.rest - other.rest || one.rank - other.rank)
      .map(({ credential }) => credential);
    const seen = new Set<string>();
    return ranked.filter(({ account }) => !seen.has(account) && seen.add(account));
  }
}

/** Rendezvous hashing: when an account comes or goes, only its own callers move. */
function rank(caller: string, account: string): number {
  return createHash('sha256').update(`${caller}\n${account}`).digest().readUInt32BE(0);
}
