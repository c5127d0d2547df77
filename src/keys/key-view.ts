import type { Config } from '../config/index.ts';
import type { Coordination } from '../coordination/coordination.ts';
import { type LimitState, readLimits } from './call-limits.ts';
import { configKeyId, type InboundKey } from './inbound-key.ts';
import { configKeyInfo, type KeyInfo } from './key-info.ts';
import type { Keys } from './keys.ts';

/** A key with what it has used. */
export interface KeyDetails extends KeyInfo {
  /** How its requests and tokens of the last minute stand. */
  readonly limits: readonly LimitState[];
  /** Of its budget; null where it has none. */
  readonly spent: { readonly daily: number; readonly monthly: number; readonly currency: 'USD' | 'CNY' } | null;
}

interface ViewParts {
  readonly keys: Keys;
  readonly config: Config;
  readonly now: number;
}

/** Those of the configuration first, then the issued ones. */
export async function listKeys({ keys, config, now }: ViewParts): Promise<readonly KeyInfo[]> {
  return [...configKeys(config, now).map(({ info }) => info), ...(await keys.desk.list())];
}

/** By id or name. Throws not_found. */
export async function showKey(
  ref: string,
  { keys, config, now, coordination }: ViewParts & { readonly coordination: Coordination },
): Promise<KeyDetails> {
  const own = configKeys(config, now).find(({ info }) => info.name === ref || info.id === ref);
  const info = own?.info ?? (await keys.desk.show(ref));
  const key = own?.key ?? { id: info.id, name: info.name, rules: rulesOf(info) };
  const { budget } = key.rules;
  return {
    ...info,
    limits: await readLimits(coordination, key),
    spent: budget ? { ...(await keys.budgets.spent(key)), currency: budget.currency } : null,
  };
}

function configKeys(config: Config, now: number): readonly { readonly key: InboundKey; readonly info: KeyInfo }[] {
  return config.keys.map(({ name, key: secret, ...rules }) => {
    const key = { id: configKeyId(name), name, rules };
    return { key, info: configKeyInfo(key, secret.toString(), now) };
  });
}

/** As much of the rules as limits and budgets need. */
function rulesOf({ rpm, tpm, budget }: KeyInfo): InboundKey['rules'] {
  return { rpm: rpm ?? undefined, tpm: tpm ?? undefined, budget: budget ?? undefined };
}
