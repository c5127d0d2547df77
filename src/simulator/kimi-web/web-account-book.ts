import { WebAccount, type WebAccountSpec, type WebTokens } from './web-account.ts';

/** One account whose refresh token is known, so that a configuration can name it before the simulator runs. */
export const DEFAULT_WEB_ACCOUNTS: readonly WebAccountSpec[] = [{ id: 'owner', refreshToken: 'sim-web-refresh-owner' }];

export class WebAccountBook {
  readonly #accounts: readonly WebAccount[];

  constructor(specs: readonly WebAccountSpec[], now: () => number) {
    this.#accounts = specs.map((spec) => new WebAccount(spec, now));
  }

  find(id: string): WebAccount | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  /** Whose access token it is; undefined for one that has expired. */
  byAccess(token: string): WebAccount | undefined {
    return this.#accounts.find((account) => account.owns(token));
  }

  exchange(refreshToken: string): { readonly account: WebAccount; readonly tokens: WebTokens } | undefined {
    for (const account of this.#accounts) {
      const tokens = account.exchange(refreshToken);
      if (tokens !== undefined) return { account, tokens };
    }
    return undefined;
  }
}
