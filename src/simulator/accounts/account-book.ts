import { Refusal } from '../refusal.ts';
import { Account, type AccountParts, type AccountSpec, type HostId } from './account.ts';

/** One account a host, so that the simulator is useful with no options at all. */
export const DEFAULT_ACCOUNTS: readonly AccountSpec[] = [
  { keys: 'sk-sim-cn', host: 'cn' },
  { keys: 'sk-sim-ai', host: 'ai' },
  { keys: 'sk-kimi-sim', host: 'code' },
  { keys: 'sk-kimi-sim-global', host: 'code-global' },
];

/** Every account by key. */
export class AccountBook {
  readonly #byKey = new Map<string, Account>();

  constructor(specs: readonly AccountSpec[], parts: AccountParts) {
    for (const spec of specs) {
      const account = new Account(spec, parts);
      for (const key of account.keys) this.#byKey.set(key, account);
    }
  }

  find(key: string): Account | undefined {
    return this.#byKey.get(key);
  }

  all(): readonly Account[] {
    return [...new Set(this.#byKey.values())];
  }

  /** No key and a wrong key have different types and sentences; a key of the other host is a wrong key (platform docs, errors page). */
  authenticate(host: HostId, authorization: string | undefined): Account {
    const key = authorization?.match(/^Bearer\s+(\S+)\s*$/i)?.[1];
    if (key === undefined) {
      throw new Refusal({ status: 401, type: 'incorrect_api_key_error', message: 'Incorrect API key provided' });
    }
    const account = this.#byKey.get(key);
    if (account === undefined || account.host !== host) {
      throw new Refusal({ status: 401, type: 'invalid_authentication_error', message: 'Invalid Authentication' });
    }
    return account;
  }
}
