import type { Config } from '../config/index.ts';
import type { LedgerSettings } from '../ledger/ledger.ts';
import { knownRate, systemOf } from './charges.ts';

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
    chargeOf: (surface, model, at) => ({
      rate: knownRate(config, { surface, model, at }),
      system: systemOf(config, surface),
    }),
  };
}
