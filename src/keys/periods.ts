/** The day and the month that a moment belongs to, by the clock of `utcOffsetMinutes`. */
export interface Periods {
  readonly day: string;
  readonly month: string;
  readonly dayEndsAt: number;
  readonly monthEndsAt: number;
}

const DAY_MS = 86_400_000;

export function periodsAt(now: number, utcOffsetMinutes: number): Periods {
  const offset = utcOffsetMinutes * 60_000;
  const local = new Date(now + offset);
  const text = local.toISOString();
  return {
    day: text.slice(0, 10),
    month: text.slice(0, 7),
    dayEndsAt: (Math.floor(local.getTime() / DAY_MS) + 1) * DAY_MS - offset,
    monthEndsAt: Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - offset,
  };
}
