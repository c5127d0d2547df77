import type { Clock } from '../clock.ts';
import type { Credential, SecretLike } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { PLATFORM_HOSTS, type Surface } from '../upstreams/surface.ts';
import { toCredential } from './surfaces.ts';

const PROBE_TIMEOUT_MS = 10_000;
/** How long a request waits for the surface of a key to be found. */
const WAIT_MS = 12_000;
const AGAIN_MS = 60_000;

export type Decision =
  | { readonly credential: Credential }
  /** Neither host took it, or neither could be reached: why, for the reader. */
  | { readonly problem: string };

export interface UndecidedParts {
  readonly secrets: readonly SecretLike[];
  readonly surfaces: ReadonlyMap<string, Surface>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  found(credential: Credential): void;
  failed(problem: string): void;
}

/** Keys of which nobody has said where they belong. */
export class UndecidedKeys {
  readonly #parts: UndecidedParts;
  /** While requests should wait for the answer. */
  deciding: Promise<void> | undefined;

  constructor(parts: UndecidedParts) {
    this.#parts = parts;
  }

  /** Resolves when every key has been asked about once. */
  async start(): Promise<void> {
    const { secrets, clock } = this.#parts;
    if (secrets.length === 0) return;
    const all = Promise.all(secrets.map((secret, index) => this.#decide(secret, index + 1)));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(WAIT_MS, resolve);
    this.deciding = Promise.race([all.then(() => {}), late]);
    await all;
    cancel();
    this.deciding = undefined;
  }

  async #decide(secret: SecretLike, number: number): Promise<void> {
    const { surfaces, clock, signal, found, failed } = this.#parts;
    const decision = await decideSurface(secret, number, surfaces, clock, signal);
    if (signal.aborted) return;
    if ('credential' in decision) return found(decision.credential);
    failed(decision.problem);
    clock.after(AGAIN_MS, () => {
      if (!signal.aborted) void this.#decide(secret, number);
    });
  }
}

/**
 * Finds out which of the platform's two account systems a key belongs to, by reading the model list of both. The key
 * goes to the vendor's own hosts only (or to what the owner configured in their place).
 */
export async function decideSurface(
  secret: SecretLike,
  number: number,
  surfaces: ReadonlyMap<string, Surface>,
  clock: Clock,
  signal: Signal,
): Promise<Decision> {
  const problems: string[] = [];
  for (const { id } of PLATFORM_HOSTS) {
    const surface = surfaces.get(id);
    if (!surface) continue;
    const credential = toCredential(id, number === 1 ? id : `${id}-${number}`, secret);
    const timeouts = { firstByteMs: PROBE_TIMEOUT_MS, idleMs: PROBE_TIMEOUT_MS, totalMs: PROBE_TIMEOUT_MS };
    try {
      await surface.adapter.listModels({ surface: { ...surface, timeouts }, credential, clock, signal });
      return { credential };
    } catch (thrown) {
      problems.push(`${id}: ${GatewayError.from(thrown).message}`);
    }
  }
  return {
    problem: `MOONSHOT_API_KEY (${secret}): neither account system took it. ${problems.join(' ')} Set MOONSHOT_API_KEY_CN or MOONSHOT_API_KEY_AI instead to decide it yourself.`,
  };
}
