import { GatewayError } from '../../errors.ts';
import { readCalls, reportCsv, writeCalls } from '../../ledger/export.ts';
import { readUsageQuery } from '../../ledger/usage-query.ts';
import { usageReport } from '../../ledger/usage-report.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

const CSV = 'text/csv; charset=utf-8';

/** GET /admin/usage: what was used, by model, key, day …; `?format=csv` for a spreadsheet. */
export async function showUsage(inbound: Inbound, { state, ledger, clock }: RouteContext): Promise<Reply> {
  const { parameters, format } = read(inbound);
  await ledger.flush();
  const report = await usageReport(state.database, readUsageQuery(parameters, clock.now()));
  if (format === 'csv') return { status: 200, headers: { 'content-type': CSV }, body: Buffer.from(reportCsv(report)) };
  return jsonReply(200, { object: 'usage', ...report, waiting: ledger.waiting, dropped: ledger.dropped });
}

/** GET /admin/usage/calls: the rows themselves, one JSON object a line or as CSV. */
export async function exportCalls(inbound: Inbound, { state, ledger, clock, log }: RouteContext): Promise<Reply> {
  const { parameters, format } = read(inbound);
  await ledger.flush();
  const pages = readCalls(state.database, readUsageQuery(parameters, clock.now()));
  // The first page is read here, so that a database that is away still has its status.
  const first = await pages.next();
  const all = (async function* () {
    if (!first.done) yield first.value;
    yield* pages;
  })();
  return {
    status: 200,
    headers: { 'content-type': format === 'csv' ? CSV : 'application/x-ndjson' },
    body: toBytes(writeCalls(all, format), (cause) => log.warn({ err: cause }, 'an export broke off')),
  };
}

function read({ query }: Inbound): { readonly parameters: URLSearchParams; readonly format: 'csv' | 'json' } {
  const parameters = new URLSearchParams(query);
  const format = parameters.get('format') ?? 'json';
  if (format === 'csv' || format === 'json') return { parameters, format };
  throw new GatewayError('invalid_request', { message: '`format` must be json or csv.', param: 'format' });
}

async function* toBytes(texts: AsyncIterable<string>, failed: (cause: unknown) => void): AsyncGenerator<Buffer> {
  try {
    for await (const text of texts) yield Buffer.from(text);
  } catch (cause) {
    failed(cause);
    yield Buffer.from('\n# The export broke off: the database was lost.\n');
  }
}
