import { type Language, phrase } from '../language.ts';
import { table } from '../table.ts';
import type { Sample } from './sample.ts';

const PERCENTILES = [50, 90, 99, 100] as const;

export interface BenchReport {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly requests_per_second: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly surfaces: Readonly<Record<string, number>>;
  readonly first_ms: Percentiles;
  readonly total_ms: Percentiles;
  /** What the gateway itself has cost, where it says so. */
  readonly overhead_ms: Percentiles;
}

export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export function benchReport(samples: readonly Sample[], seconds: number): BenchReport {
  const good = samples.filter(({ ok }) => ok);
  return {
    requests: samples.length,
    failed: samples.length - good.length,
    seconds: rounded(seconds),
    requests_per_second: rounded(samples.length / Math.max(seconds, 0.001)),
    errors: counts(samples.map(({ code }) => code)),
    surfaces: counts(samples.map(({ surface }) => surface)),
    first_ms: percentiles(good.map(({ firstMs }) => firstMs)),
    total_ms: percentiles(good.map(({ totalMs }) => totalMs)),
    overhead_ms: percentiles(good.flatMap(({ overheadMs }) => overheadMs ?? [])),
  };
}

/** The smallest value that so many of a hundred do not exceed. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number) => {
    const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
    return value === undefined ? null : rounded(value);
  };
  const [p50, p90, p99, max] = PERCENTILES.map(at);
  return { p50: p50 ?? null, p90: p90 ?? null, p99: p99 ?? null, max: max ?? null };
}

export function benchTable(report: BenchReport, language: Language): string {
  const { requests, failed, seconds, requests_per_second: rate, errors } = report;
  const head = phrase(
    {
      en: `${requests} requests in ${seconds} s, ${rate} a second; ${failed} failed`,
      zh: `${requests} 个请求，用时 ${seconds} 秒，每秒 ${rate} 个；失败 ${failed} 个`,
    },
    language,
  );
  const names = {
    first_ms: { en: 'first byte', zh: '首字节' },
    total_ms: { en: 'whole answer', zh: '完整回答' },
    overhead_ms: { en: 'gateway itself', zh: '网关自身' },
  } as const;
  const rows = (['first_ms', 'total_ms', 'overhead_ms'] as const).map((name) => {
    const { p50, p90, p99, max } = report[name];
    return [
      phrase(names[name], language),
      ...[p50, p90, p99, max].map((value) => (value === null ? '-' : String(value))),
    ];
  });
  const failures = Object.entries(errors).map(([code, count]) => `${count} × ${code}\n`);
  return `${head}\n\n${table(['ms', 'p50', 'p90', 'p99', 'max'], rows)}${failures.length > 0 ? `\n${failures.join('')}` : ''}`;
}

function counts(names: readonly (string | undefined)[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  for (const name of names) if (name !== undefined) found.set(name, (found.get(name) ?? 0) + 1);
  return Object.fromEntries(found);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
