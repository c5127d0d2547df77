import { GatewayError } from '../errors.ts';

/** By what usage can be told apart, with the columns of the ledger. Times are cut by the clock of `utcOffsetMinutes`. */
export const DIMENSIONS = {
  model: 'model',
  asked: 'asked',
  key: 'key_name',
  surface: 'surface',
  credential: 'credential',
  protocol: 'protocol',
  status: 'status',
  error: 'error',
  hour: 'at',
  day: 'at',
} as const;

export type Dimension = keyof typeof DIMENSIONS;

/** Which rows may be picked by their value. */
const FILTERS = ['model', 'asked', 'key', 'surface', 'credential', 'protocol', 'error'] as const;
export type Filter = (typeof FILTERS)[number];

export interface UsageQuery {
  /** From this millisecond on, and before that one. */
  readonly since: number;
  readonly until: number;
  readonly by: readonly Dimension[];
  readonly filters: Readonly<Partial<Record<Filter, string>>>;
  readonly utcOffsetMinutes: number;
}

const DEFAULT_SPAN = '7d';
const MOST_DIMENSIONS = 4;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Reads `?since=7d&until=…&by=model,day&key=laptop&utc_offset=480`. Throws invalid_request. */
export function readUsageQuery(parameters: URLSearchParams, now: number): UsageQuery {
  const since = readTime(parameters.get('since') ?? DEFAULT_SPAN, 'since', now);
  const until = parameters.has('until') ? readTime(parameters.get('until') ?? '', 'until', now) : now + 1;
  if (since >= until) throw invalid('since', 'must be before `until`');
  const filters = FILTERS.flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    since,
    until,
    by: readDimensions(parameters.get('by') ?? 'model'),
    filters: Object.fromEntries(filters),
    utcOffsetMinutes: readOffset(parameters.get('utc_offset') ?? '0'),
  };
}

/** `30m`, `24h`, `7d`, `2w` ago; a day or a moment in ISO form; milliseconds since 1970. */
export function readTime(text: string, name: string, now: number): number {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0);
  if (/^\d{12,14}$/.test(text)) return Number(text);
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw invalid(name, `must be a span such as 24h or 7d, or a moment such as 2026-11-01, not "${text.slice(0, 50)}"`);
  }
  return moment;
}

function readDimensions(text: string): readonly Dimension[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const isKnown = (name: string): name is Dimension => Object.hasOwn(DIMENSIONS, name);
  const unknown = names.find((name) => !isKnown(name));
  if (unknown !== undefined) {
    throw invalid('by', `cannot be "${unknown.slice(0, 50)}"; there are ${Object.keys(DIMENSIONS).join(', ')}`);
  }
  if (names.length > MOST_DIMENSIONS) throw invalid('by', `takes at most ${MOST_DIMENSIONS} names`);
  return names.filter(isKnown);
}

function readOffset(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && Math.abs(minutes) <= 14 * 60) return minutes;
  throw invalid('utc_offset', 'must be minutes east of UTC, such as 480');
}

function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', { message: `\`${param}\` ${what}.`, param });
}
