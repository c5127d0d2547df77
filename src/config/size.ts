/** Both spellings mean powers of two: nobody who writes "10mb" for a body limit counts in tens. */
const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
};

/** "32MiB", "10mb", 1024 → bytes; undefined where the text is no size. */
export function parseSize(value: number | string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(value).trim().toLowerCase().replaceAll('_', ''));
  if (match === null) return undefined;
  const unit = UNITS[match[2] || 'b'];
  if (unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
