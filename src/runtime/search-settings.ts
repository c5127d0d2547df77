import type { Config } from '../config/index.ts';
import type { SearchSettings } from '../pipeline/search/settings.ts';

export function toSearchSettings({ search }: Config): SearchSettings {
  const { enabled, models, rounds, calls, results, timeout_ms: timeoutMs } = search;
  return { enabled, models: new Set(models), rounds, calls, results, timeoutMs };
}
