import type { Config } from '../config/index.ts';
import type { AccountLimits } from '../credential.ts';
import { TIERS, tightest } from '../credentials/limits.ts';
import type { PoolSettings } from '../credentials/pool.ts';

type ConfiguredSurface = Config['surfaces'][string];
type ConfiguredCredential = ConfiguredSurface['credentials'][number];

/** "At most 30 concurrent" requests (Kimi Code membership page); more are refused with a 403 that looks like a ban. */
const CODE_CONCURRENCY = 30;

/** How the pool lends the credentials of a configuration. */
export function toPoolSettings({ surfaces, limits }: Config): PoolSettings {
  const strategies = Object.values(surfaces).map((surface) => [surface.id, strategyOf(surface)] as const);
  return { strategies: Object.fromEntries(strategies), queueLimit: limits.queue };
}

/** Who gives different weights wants shares. */
function strategyOf({ strategy, credentials }: ConfiguredSurface) {
  const differ = credentials.some(({ weight }) => weight !== credentials[0]?.weight);
  return strategy ?? (differ ? 'weighted' : 'round_robin');
}

/** The least that the surface and the credential say: what is written for the credential goes before its tier. */
export function toAccountLimits(
  { type, concurrency }: Pick<ConfiguredSurface, 'type' | 'concurrency'>,
  { tier, limits }: Pick<ConfiguredCredential, 'tier' | 'limits'> = {},
): AccountLimits {
  const ofTier = tier === undefined ? {} : (TIERS[tier] ?? {});
  const written = Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined));
  const ofSurface = concurrency ?? (type === 'kimi-code' ? CODE_CONCURRENCY : undefined);
  return tightest([{ ...ofTier, ...written }, ofSurface === undefined ? {} : { concurrency: ofSurface }]);
}
