import type { Database } from '../storage/database.ts';
import type { LedgerTable } from '../storage/tables/ledger.ts';
import { csvLine } from './csv.ts';
import type { UsageQuery } from './usage-query.ts';
import { selectCalls, type UsageReport } from './usage-report.ts';

const PAGE_ROWS = 1_000;

/** The rows themselves, oldest first, in pages: nothing of their size is held in memory. */
export async function* readCalls(database: Database, query: UsageQuery): AsyncGenerator<readonly LedgerTable[]> {
  let last: LedgerTable | undefined;
  for (;;) {
    const after = last;
    const page: readonly LedgerTable[] = await database.use((db) => {
      let select = selectCalls(db, query).selectAll().orderBy('at').orderBy('id').limit(PAGE_ROWS);
      if (after) {
        select = select.where(({ or, and, eb }) =>
          or([eb('at', '>', after.at), and([eb('at', '=', after.at), eb('id', '>', after.id)])]),
        );
      }
      return select.execute();
    });
    if (page.length > 0) yield page;
    last = page.at(-1);
    if (page.length < PAGE_ROWS) return;
  }
}

const COLUMNS = [
  'at',
  'id',
  'key_name',
  'protocol',
  'asked',
  'model',
  'surface',
  'credential',
  'status',
  'error',
  'complete',
  'tokens_in',
  'tokens_cached',
  'tokens_out',
  'tokens_reasoning',
  'cost_nano',
  'currency',
  'first_ms',
  'total_ms',
  'repairs',
  'fallbacks',
] as const satisfies readonly (keyof LedgerTable)[];

/** `json`: one object a line. */
export async function* writeCalls(
  pages: AsyncIterable<readonly LedgerTable[]>,
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  for await (const page of pages) {
    yield page
      .map((row) => (format === 'csv' ? csvLine(COLUMNS.map((name) => cell(row, name))) : jsonLine(row)))
      .join('');
  }
}

const cell = (row: LedgerTable, name: (typeof COLUMNS)[number]) =>
  name === 'at' ? new Date(row.at).toISOString() : row[name];

const jsonLine = (row: LedgerTable) => `${JSON.stringify({ ...row, at: new Date(row.at).toISOString() })}\n`;

const SUMS = [
  'requests',
  'failed',
  'tokens_in',
  'tokens_cached',
  'tokens_out',
  'tokens_reasoning',
  'unpriced',
  'first_ms',
  'total_ms',
] as const;

/** The sums as CSV, one column for each currency. */
export function reportCsv({ by, rows, totals }: UsageReport): string {
  const currencies = Object.keys(totals.cost).sort();
  const head = [...by, ...SUMS, ...currencies.map((currency) => `cost_${currency.toLowerCase()}`)];
  const line = (row: UsageReport['rows'][number]) =>
    csvLine([
      ...by.map((name) => row[name]),
      ...SUMS.map((name) => row[name]),
      ...currencies.map((currency) => row.cost[currency]),
    ]);
  return csvLine(head) + rows.map(line).join('');
}
