import type { Figure } from './measure.ts';
import type { MemoryFigure } from './memory.ts';
import type { Scenario } from './scenarios.ts';
import type { StartFigure } from './startup.ts';

export interface Results {
  readonly node: string;
  readonly cores: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly figures: readonly Figure[] }[];
  readonly memory: readonly MemoryFigure[];
  readonly start: readonly StartFigure[];
  /** Who did not take part, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly passed: boolean;
  readonly text: string;
}

const MEGABYTE = 1_048_576;

/** What the project promises of itself, against the figures of this run. */
export function verdicts({ scenarios }: Results): Verdict[] {
  return scenarios.flatMap(({ scenario, figures }) => {
    const own = figures.find(({ name }) => name === 'moongate');
    if (scenario.limit === undefined || own === undefined) return [];
    const passed = own.failure === undefined && own.toBare <= scenario.limit;
    const found = own.failure ?? `${fixed(own.toBare, 2)} × bare (at most ${scenario.limit})`;
    return [{ passed, text: `${scenario.name}: CPU per ${scenario.unit} ${found}` }];
  });
}

/** The tables in Markdown, which a terminal shows as well. */
export function tables(results: Results): string {
  const parts = results.scenarios.map(({ scenario, figures }) => scenarioTable(scenario, figures));
  if (results.memory.length > 0) parts.push(memoryTable(results.memory));
  if (results.start.length > 0) parts.push(startTable(results.start));
  const missing = Object.entries(results.missing).map(([name, why]) => `- ${name}: ${why}`);
  if (missing.length > 0) parts.push(['Not in this run:', '', ...missing].join('\n'));
  return parts.join('\n\n');
}

export function verdictLines(results: Results): string {
  return verdicts(results)
    .map(({ passed, text }) => `${passed ? 'PASS' : 'FAIL'} ${text}`)
    .join('\n');
}

function scenarioTable(scenario: Scenario, figures: readonly Figure[]): string {
  const rows = figures.map(({ name, cpuMicros, toBare, perSecond, failure }) =>
    failure === undefined
      ? [name, fixed(cpuMicros, scenario.unit === 'chunk' ? 2 : 1), fixed(toBare, 2), fixed(perSecond, 0)]
      : [name, `failed: ${failure.replace(/\s+/g, ' ').slice(0, 120)}`, '', ''],
  );
  const head = [scenario.name, `CPU µs per ${scenario.unit}`, '× bare', `${scenario.unit}s/s`];
  return `**${scenario.title}**\n\n${table(head, rows)}`;
}

function memoryTable(figures: readonly MemoryFigure[]): string {
  const rows = figures.map(({ name, idleBytes, loadedBytes, streams }) => [
    name,
    fixed(idleBytes / MEGABYTE, 0),
    fixed(loadedBytes / MEGABYTE, 0),
    String(streams),
  ]);
  return `**resident memory**\n\n${table(['memory', 'idle, MB', 'with streams, MB', 'streams open'], rows)}`;
}

function startTable(figures: readonly StartFigure[]): string {
  const rows = figures.map(({ what, cpuMs, wallMs }) => [what, fixed(cpuMs, 0), fixed(wallMs, 0)]);
  return `**start**\n\n${table(['start', 'CPU ms', 'wall ms'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}
