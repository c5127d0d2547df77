import type { Config } from '../config/index.ts';
import type { LedgerSettings } from '../ledger/ledger.ts';
import type { AccountSystem } from '../models/facts.ts';

const DAY_MS = 86_400_000;

export function toLedgerSettings(config: Config): LedgerSettings {
  const { enabled, keep_days, bodies, bodies_keep_days, bodies_bytes, redact } = config.ledger;
  return {
    enabled,
    keepMs: keep_days * DAY_MS,
    // Told even where nothing is stored any more: what is there must go in its time.
    bodiesKeepMs: bodies_keep_days * DAY_MS,
    bodiesBytes: bodies ? bodies_bytes : 0,
    redact,
    systemOf: (surface) => systemOf(config, surface),
  };
}

/** Only the open platform charges by the token in a way that is known: the subscription does not, others are others. */
function systemOf({ surfaces }: Config, id: string): AccountSystem | undefined {
  const surface = Object.hasOwn(surfaces, id) ? surfaces[id] : undefined;
  if (surface?.type !== 'moonshot') return undefined;
  return surface.region === 'cn' ? 'moonshot-cn' : 'moonshot-ai';
}
