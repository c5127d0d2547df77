import type { Clock } from '../clock.ts';
import type { Credential, SecretLike } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { PLATFORM_HOSTS, type Surface } from '../upstreams/surface.ts';
import { toCredential } from './surfaces.ts';

const PROBE_TIMEOUT_MS = 10_000;

export type Decision =
  | { readonly credential: Credential }
  /** Neither host took it, or neither could be reached: why, for the reader. */
  | { readonly problem: string };

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
