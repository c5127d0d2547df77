import type { Inbound, Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  read(context: RouteContext): number;
}

/** What an alarm can be hung on: where what lasts and what is shared stands. */
const METRICS: readonly Metric[] = [
  {
    name: 'moongate_coordination_shared',
    type: 'gauge',
    help: '0 while the coordination server is lost and this process counts for itself.',
    read: ({ state }) => Number(state.coordination.shared),
  },
  {
    name: 'moongate_coordination_losses_total',
    type: 'counter',
    help: 'How often the coordination server was lost since the start.',
    read: ({ state }) => state.coordination.losses,
  },
  {
    name: 'moongate_database_lost',
    type: 'gauge',
    help: '1 while the database is lost.',
    read: ({ state }) => Number(state.database.status === 'lost'),
  },
  {
    name: 'moongate_ledger_waiting_rows',
    type: 'gauge',
    help: 'Rows of the ledger that are not written yet.',
    read: ({ ledger }) => ledger.waiting,
  },
  {
    name: 'moongate_ledger_dropped_rows_total',
    type: 'counter',
    help: 'Rows of the ledger that were lost because the database was away for too long.',
    read: ({ ledger }) => ledger.dropped,
  },
];

/** GET /metrics, in the text format of Prometheus. */
export async function showMetrics(_inbound: Inbound, context: RouteContext): Promise<Reply> {
  const lines = METRICS.map(
    ({ name, type, help, read }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${read(context)}\n`,
  );
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: Buffer.from(lines.join('')),
  };
}
