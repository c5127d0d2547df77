import type { UsageReport, UsageRow, UsageSums } from '../../ledger/usage-report.ts';
import { type Column, headings } from '../columns.ts';
import { type Language, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import { table } from '../table.ts';
import { sparkline } from './sparkline.ts';

const TREND_WIDTH = 24;
const SIGNS: Readonly<Record<string, string>> = { USD: '$', CNY: '¥' };
export const SPANS = { hour: 3_600_000, day: 86_400_000 } as const;

/** `trend`: the same groups, by hour or by day as well. */
export interface Trend {
  readonly report: UsageReport;
  readonly span: keyof typeof SPANS;
  readonly utcOffsetMinutes: number;
}

export function usageTable(report: UsageReport, trend: Trend | undefined, language: Language): string {
  const bars = trend === undefined ? undefined : trendsOf(report, trend);
  const times = [report.totals, ...report.rows].some(({ first_ms }) => first_ms !== null);
  const head: readonly Column[] = [
    ...report.by.map((name) => name.toUpperCase() as Uppercase<typeof name>),
    'REQUESTS',
    'FAILED',
    'TOKENS IN',
    'CACHED',
    'OUT',
    'COST',
    ...(times ? (['FIRST BYTE'] as const) : []),
    ...(bars ? (['TREND'] as const) : []),
  ];
  const sums = (row: UsageSums) => [
    row.requests.toLocaleString('en'),
    row.failed === 0 ? '' : row.failed.toLocaleString('en'),
    amount(row.tokens_in),
    row.tokens_in === 0 ? '' : `${Math.round((row.tokens_cached / row.tokens_in) * 100)}%`,
    amount(row.tokens_out),
    money(row),
    ...(times ? [row.first_ms === null ? '' : `${Math.round(row.first_ms)} ms`] : []),
  ];
  const rows = report.rows.map((row) => [
    ...report.by.map((name) => cellOf(row, name)),
    ...sums(row),
    bars?.get(keyOf(row, report.by)) ?? '',
  ]);
  const total = [
    phrase({ en: 'total', zh: '合计' }, language),
    ...report.by.slice(1).map(() => ''),
    ...sums(report.totals),
  ];
  return table(headings(head, language), [...rows, ...(report.by.length > 0 && rows.length > 1 ? [total] : [])]);
}

function cellOf(row: UsageRow, name: keyof UsageRow): string {
  const value = row[name];
  if (value === null || value === undefined) return '-';
  if (name === 'day') return String(value).slice(0, 10);
  return name === 'hour' ? String(value).slice(0, 16).replace('T', ' ') : plainText(String(value));
}

function keyOf(row: UsageRow, by: UsageReport['by']): string {
  return JSON.stringify(by.map((name) => row[name]));
}

/** The requests of each group over time. */
function trendsOf(
  { by, since, until }: UsageReport,
  { report, span, utcOffsetMinutes }: Trend,
): ReadonlyMap<string, string> {
  const offset = utcOffsetMinutes * 60_000;
  const slot = (moment: number) => Math.floor((moment + offset) / SPANS[span]);
  const first = slot(Date.parse(since));
  const slots = slot(Date.parse(until) - 1) - first + 1;
  const counts = new Map<string, number[]>();
  for (const row of report.rows) {
    const key = keyOf(row, by);
    const values = counts.get(key) ?? Array.from({ length: slots }, () => 0);
    counts.set(key, values);
    const at = slot(Date.parse(String(row[span]))) - first;
    values[at] = (values[at] ?? 0) + row.requests;
  }
  return new Map([...counts].map(([key, values]) => [key, sparkline(values, TREND_WIDTH)]));
}

function amount(tokens: number): string {
  if (tokens < 10_000) return tokens.toLocaleString('en');
  return tokens < 1_000_000 ? `${(tokens / 1_000).toFixed(1)}K` : `${(tokens / 1_000_000).toFixed(2)}M`;
}

/** A sum in which some prices are missing says so. */
function money({ cost, unpriced }: UsageSums): string {
  const parts = Object.entries(cost).map(([currency, sum]) => `${SIGNS[currency] ?? `${currency} `}${digits(sum)}`);
  return `${parts.join(' + ')}${unpriced > 0 && parts.length > 0 ? ' + ?' : unpriced > 0 ? '?' : ''}`;
}

const digits = (sum: number) => (sum >= 1 || sum === 0 ? sum.toFixed(2) : sum.toPrecision(2));
