import type { Usage } from './chat.ts';

/** The sum of what several calls report: numbers are added, also inside the details, anything else is the first's. */
export function addUsage(usages: readonly Usage[]): Usage {
  const [first = {}, ...rest] = usages;
  return rest.reduce<Usage>((sum, usage) => addRecords(sum, usage), first);
}

function addRecords(left: Readonly<Record<string, unknown>>, right: Readonly<Record<string, unknown>>) {
  const sum: Record<string, unknown> = { ...left };
  for (const [member, value] of Object.entries(right)) {
    const before = sum[member];
    if (typeof value === 'number') sum[member] = (typeof before === 'number' ? before : 0) + value;
    else if (isRecord(value)) sum[member] = isRecord(before) ? addRecords(before, value) : value;
    else sum[member] ??= value;
  }
  return sum;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
