import { mintToken } from './web-token.ts';

export interface WebAccountSpec {
  readonly id: string;
  /** Default `REGION_CN`; overseas accounts say `REGION_OVERSEA`. */
  readonly region?: string;
  /** A refresh token that is known before the simulator starts; default none. */
  readonly refreshToken?: string;
  /** Default 900 (measured as exp - iat, 2026-09). */
  readonly accessSeconds?: number;
  /** How many research turns are left; default 5. */
  readonly research?: number;
}

export interface WebTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** 90 days, in both eras of the token. */
const REFRESH_SECONDS = 7_776_000;

/** A person's account on the web chat, with the tokens that were issued to it. */
export class WebAccount {
  readonly id: string;
  readonly region: string;
  readonly accessSeconds: number;
  /** The vendor has blocked the account. */
  flagged = false;
  readonly research: { total: number; used: number };
  /** How often a refresh token was exchanged. */
  refreshes = 0;
  readonly #now: () => number;
  readonly #access = new Map<string, number>();
  /** The one that still works. Every exchange makes a new one. */
  #refresh: string | undefined;
  #issued = 0;

  constructor(spec: WebAccountSpec, now: () => number) {
    this.id = spec.id;
    this.region = spec.region ?? 'REGION_CN';
    this.accessSeconds = spec.accessSeconds ?? 900;
    this.research = { total: spec.research ?? 5, used: 0 };
    this.#refresh = spec.refreshToken;
    this.#now = now;
  }

  /** A fresh pair, as after a log-in. The refresh token that worked before is dead then. */
  logIn(): WebTokens {
    const serial = ++this.#issued;
    const iat = Math.floor(this.#now() / 1000);
    const claims = { sub: this.id, region: this.region, iat };
    const access = { typ: 'access', ...claims, exp: iat + this.accessSeconds } as const;
    const refresh = { typ: 'refresh', ...claims, exp: iat + REFRESH_SECONDS } as const;
    const accessToken = mintToken(`sim-web-access-${this.id}-${serial}`, access);
    const refreshToken = mintToken(`sim-web-refresh-${this.id}-${serial}`, refresh);
    this.#access.set(accessToken, access.exp * 1000);
    this.#refresh = refreshToken;
    return { accessToken, refreshToken };
  }

  /** Rotates both; undefined for a token that was used before or never existed. */
  exchange(refreshToken: string): WebTokens | undefined {
    if (refreshToken !== this.#refresh) return undefined;
    this.refreshes += 1;
    return this.logIn();
  }

  /** The page logged out: nothing that was issued works any more. */
  logOut(): void {
    this.#access.clear();
    this.#refresh = undefined;
  }

  owns(accessToken: string): boolean {
    return (this.#access.get(accessToken) ?? 0) > this.#now();
  }
}
