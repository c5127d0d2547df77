const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Timers of Node overflow above 2^31 - 1 ms and would fire at once. */
const LONGEST_MS = 2_147_483_647;

/** "30s", "1.5m", "250", 250 → milliseconds; undefined where the text is no duration. */
export function parseDuration(value: number | string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(value).trim().toLowerCase().replaceAll('_', ''));
  if (match === null) return undefined;
  const unit = UNITS[match[2] || 'ms'];
  if (unit === undefined) return undefined;
  const ms = Math.round(Number(match[1]) * unit);
  return ms <= LONGEST_MS ? ms : undefined;
}
