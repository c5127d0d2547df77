import type { Credential, SecretLike } from '../../credential.ts';
import { GatewayError } from '../../errors.ts';
import type { Signal } from '../../signal.ts';
import { readWebSecret, tokenFacts, webSecretProblem } from '../../tokens/web-secret.ts';
import type { Place } from '../adapter.ts';
import { renewTokens, type WebTokens } from './renew-tokens.ts';
import { webOptions } from './web-options.ts';

/** A credential that has an access token and a refresh token beside it. */
export interface WebCredential extends Credential {
  readonly refresh?: SecretLike;
}

export interface SessionsOptions {
  /**
   * Hears of renewed tokens before they are used. The old ones are dead, so they should be written at once and whole. What
   * it throws says that they were not; they are told again with the next renewal.
   */
  readonly onRotated?: (credentialId: string, tokens: WebTokens) => void | Promise<void>;
  /** The tokens that were written last, by whatever process; undefined: none were. */
  readonly recall?: (credentialId: string) => WebTokens | undefined | Promise<WebTokens | undefined>;
  /** Runs the work while no other process renews the tokens of this credential. */
  readonly alone?: <T>(credentialId: string, work: () => Promise<T>) => Promise<T>;
}

/** Renewed this long before it expires (jndavidz/aurora). */
const AHEAD_MS = 180_000;
/** A token that has just been renewed is not renewed again, whatever the clocks say. */
const FRESH_MS = 60_000;
/** Longest wait for a renewal (the 20 s that loudotdigital/kimi2api gives a small call). */
const RENEWAL_MS = 20_000;

/** The sessions of all credentials. They outlive a change of the configuration, because renewed tokens live here. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionsOptions = {}) {
    this.#options = options;
  }

  of(credential: WebCredential): Session {
    const known = this.#sessions.get(credential.id);
    if (known) return known;
    const session = new Session(credential, this.#options);
    this.#sessions.set(credential.id, session);
    return session;
  }

  /** The credential was taken away. */
  forget(credentialId: string): void {
    this.#sessions.delete(credentialId);
  }
}

/** The tokens of one credential. Renewals never run side by side: each voids the refresh token of the other. */
class Session {
  readonly #id: string;
  readonly #options: SessionsOptions;
  readonly #problem: string | undefined;
  #access: string | undefined;
  #refresh: string | undefined;
  #freshUntil = 0;
  /** What was renewed here is not written yet: what is written is older. */
  #isUnwritten = false;
  #restoring: Promise<unknown> | undefined;
  #renewal: Promise<string> | undefined;
  /** The refresh token that was refused for good. */
  #dead: { readonly token: string; readonly error: GatewayError } | undefined;

  constructor(credential: WebCredential, options: SessionsOptions) {
    const pasted = credential.secret.reveal();
    this.#id = credential.id;
    this.#options = options;
    this.#problem = webSecretProblem(pasted);
    const { access, refresh } = readWebSecret(pasted);
    this.#access = access;
    const beside = credential.refresh === undefined ? undefined : readWebSecret(credential.refresh.reveal());
    this.#refresh = refresh ?? beside?.refresh;
  }

  /** An access token that will live a while yet. */
  async token(place: Place): Promise<string> {
    if (this.#problem !== undefined) {
      throw new GatewayError('upstream_auth', { message: this.#problem, surface: place.surface.id, hint: HINT });
    }
    this.#restoring ??= this.#adopt();
    await this.#restoring;
    const access = this.#access;
    if (access !== undefined && this.#isGood(place, access)) return access;
    try {
      return await this.#renewed(place, access);
    } catch (thrown) {
      // It still works for a moment, and the next call tries again.
      if (access !== undefined && msLeft(place, access) > 0 && !place.signal.aborted) return access;
      throw thrown;
    }
  }

  /** There is a refresh token, so that a refused access token need not be the end. */
  get isRenewable(): boolean {
    return this.#refresh !== undefined;
  }

  /** Another token, because the server refused this one. */
  async replace(place: Place, refused: string): Promise<string> {
    if (this.#access !== undefined && this.#access !== refused) return this.#access;
    return this.#renewed(place, refused);
  }

  #isGood(place: Place, access: string): boolean {
    const left = msLeft(place, access);
    return left > AHEAD_MS || (left > 0 && place.clock.now() < this.#freshUntil);
  }

  /** `unwanted`: the access token that is not good any more. */
  #renewed(place: Place, unwanted: string | undefined): Promise<string> {
    if (this.#refresh === undefined) return Promise.reject(expired(place));
    if (this.#renewal === undefined) {
      const { alone = (_id, work) => work() } = this.#options;
      const renewal = alone(this.#id, () => this.#renew(place, unwanted)).finally(() => {
        this.#renewal = undefined;
      });
      this.#renewal = renewal;
      // Its callers may all have left by the time it fails.
      renewal.catch(() => {});
    }
    return unlessAborted(this.#renewal, place.signal);
  }

  /** For everybody who waits, so no single caller can abort it: a renewal that was sent has already voided the old token. */
  async #renew(place: Place, unwanted: string | undefined): Promise<string> {
    const adopted = await this.#adopted(place, unwanted);
    if (adopted !== undefined) return adopted;
    const refresh = this.#refresh ?? '';
    try {
      return await this.#exchange(place, refresh);
    } catch (thrown) {
      if (GatewayError.from(thrown).code !== 'upstream_auth') throw thrown;
      // Another process may have renewed in the meantime, where none could be kept from it.
      const late = await this.#adopted(place, unwanted);
      if (late !== undefined) return late;
      if (this.#refresh === refresh) throw thrown;
      return await this.#exchange(place, this.#refresh ?? '');
    }
  }

  /** The access token that another process has got, if that is one to go on with. */
  async #adopted(place: Place, unwanted: string | undefined): Promise<string | undefined> {
    await this.#adopt();
    const access = this.#access;
    return access !== undefined && access !== unwanted && this.#isGood(place, access) ? access : undefined;
  }

  /** Takes over what was written last, unless what is known here is newer. Never throws: then it goes on as it is. */
  async #adopt(): Promise<void> {
    if (this.#isUnwritten) return this.#write({ accessToken: this.#access ?? '', refreshToken: this.#refresh ?? '' });
    try {
      const written = await this.#options.recall?.(this.#id);
      if (written === undefined || written.refreshToken === this.#refresh) return;
      this.#access = written.accessToken;
      this.#refresh = written.refreshToken;
    } catch {}
  }

  async #exchange(place: Place, refresh: string): Promise<string> {
    if (this.#dead?.token === refresh) throw this.#dead.error;
    const { surface, clock } = place;
    const timeouts = { firstByteMs: RENEWAL_MS, idleMs: RENEWAL_MS, totalMs: RENEWAL_MS };
    const { authUrl } = webOptions(surface.web, `${surface.origin}${surface.path}`);
    const own = { ...place, surface: { ...surface, timeouts }, signal: new AbortController().signal };
    try {
      const tokens = await renewTokens(own, refresh, authUrl);
      this.#access = tokens.accessToken;
      this.#refresh = tokens.refreshToken;
      this.#freshUntil = clock.now() + FRESH_MS;
      await this.#write(tokens);
      return tokens.accessToken;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.code === 'upstream_auth') this.#dead = { token: refresh, error };
      throw error;
    }
  }

  /** A store that fails costs the next start a log-in, not this request its answer; the store reports it itself. */
  async #write(tokens: WebTokens): Promise<void> {
    try {
      await this.#options.onRotated?.(this.#id, tokens);
      this.#isUnwritten = false;
    } catch {
      this.#isUnwritten = true;
    }
  }
}

function msLeft({ clock }: Place, access: string): number {
  return (tokenFacts(access).expiresAt ?? Number.POSITIVE_INFINITY) - clock.now();
}

export type { Session };

const HINT = 'How to get a token: docs/kimi-web.md.';

function expired(place: Place): GatewayError {
  return new GatewayError('upstream_auth', {
    surface: place.surface.id,
    message: 'The access token of the web chat has expired: it lives for 15 minutes, and there is no refresh token.',
    hint: 'Configure the refresh token instead (docs/kimi-web.md), which is renewed by itself.',
  });
}

async function unlessAborted(work: Promise<string>, signal: Signal): Promise<string> {
  if (signal.aborted) throw new GatewayError('client_closed');
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(new GatewayError('client_closed'));
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
