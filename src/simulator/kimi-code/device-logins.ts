import { randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import type { AccountBook } from '../accounts/account-book.ts';

const SECOND = 1_000;
const INTERVAL_MS = 5 * SECOND;
/** The official client gives a log-in this long (MoonshotAI/kimi-code). */
const LOGIN_MS = 15 * 60 * SECOND;
/** One report says 15 minutes, another an hour; clients obey `expires_in`. */
const ACCESS_MS = 15 * 60 * SECOND;

/** What the token endpoint says: the error codes of RFC 8628 and RFC 6749. */
export type TokenAnswer =
  | { readonly error: 'authorization_pending' | 'slow_down' | 'expired_token' | 'access_denied' | 'invalid_grant' }
  | {
      readonly access_token: string;
      readonly refresh_token: string;
      readonly expires_in: number;
      readonly scope: string;
      readonly token_type: 'Bearer';
    };

interface Login {
  readonly userCode: string;
  readonly expiresAt: number;
  intervalMs: number;
  polledAt: number;
  state: 'pending' | 'denied' | 'used' | Account;
}

/** Log-ins of devices at the coding subscription, and the tokens that they gave (RFC 8628 as the official client uses it). */
export class DeviceLogins {
  /** What is pending was seen as an answer with status 200 too. */
  pendingStatus: 200 | 400 = 400;
  readonly #book: AccountBook;
  readonly #now: () => number;
  readonly #logins = new Map<string, Login>();
  readonly #access = new Map<string, { readonly account: Account; readonly expiresAt: number }>();
  /** Each works once. */
  readonly #refresh = new Map<string, Account>();

  constructor(book: AccountBook, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  begin(verificationUri: string): Readonly<Record<string, unknown>> {
    const deviceCode = token('sim-device');
    const userCode = randomBytes(4).toString('hex').toUpperCase();
    const expiresAt = this.#now() + LOGIN_MS;
    const login: Login = { userCode, expiresAt, intervalMs: INTERVAL_MS, polledAt: 0, state: 'pending' };
    this.#logins.set(deviceCode, login);
    return {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
      expires_in: LOGIN_MS / SECOND,
      interval: INTERVAL_MS / SECOND,
    };
  }

  /** What the person does in the browser, logged in to the account of this key. */
  approve(userCode: string, key: string): void {
    const account = this.#book.find(key);
    if (account === undefined) throw new Error(`no account has the key ${key}`);
    this.#pending(userCode).state = account;
  }

  deny(userCode: string): void {
    this.#pending(userCode).state = 'denied';
  }

  poll(deviceCode: string): TokenAnswer {
    const login = this.#logins.get(deviceCode);
    if (login === undefined || login.state === 'used') return { error: 'invalid_grant' };
    const now = this.#now();
    if (now >= login.expiresAt) return { error: 'expired_token' };
    const isEarly = login.polledAt > 0 && now - login.polledAt < login.intervalMs;
    login.polledAt = now;
    if (isEarly) {
      // RFC 8628: five seconds more, for this and all further requests.
      login.intervalMs += INTERVAL_MS;
      return { error: 'slow_down' };
    }
    if (login.state === 'pending') return { error: 'authorization_pending' };
    if (login.state === 'denied') return { error: 'access_denied' };
    const account = login.state;
    login.state = 'used';
    return this.#grant(account);
  }

  renew(refreshToken: string): TokenAnswer {
    const account = this.#refresh.get(refreshToken);
    if (account === undefined) return { error: 'invalid_grant' };
    this.#refresh.delete(refreshToken);
    return this.#grant(account);
  }

  /** Whose access token it is, while it lives. */
  find(accessToken: string): Account | undefined {
    const found = this.#access.get(accessToken);
    return found !== undefined && this.#now() < found.expiresAt ? found.account : undefined;
  }

  #grant(account: Account): TokenAnswer {
    const [access_token, refresh_token] = [token('sim-code-access'), token('sim-code-refresh')];
    this.#access.set(access_token, { account, expiresAt: this.#now() + ACCESS_MS });
    this.#refresh.set(refresh_token, account);
    return { access_token, refresh_token, expires_in: ACCESS_MS / SECOND, scope: 'kimi-code', token_type: 'Bearer' };
  }

  #pending(userCode: string): Login {
    const login = [...this.#logins.values()].find((one) => one.userCode === userCode && one.state === 'pending');
    if (login === undefined) throw new Error(`no log-in waits for the code ${userCode}`);
    return login;
  }
}

const token = (kind: string) => `${kind}-${randomBytes(12).toString('hex')}`;
