import type { Inbound, Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  read(context: RouteContext): number;
}

/** What an alarm can be hung on: where what lasts, what is shared, and the pool stand. */
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
  {
    name: 'moongate_calls_in_flight',
    type: 'gauge',
    help: 'Calls of this process that have a credential now.',
    read: ({ runtime }) => runtime.pool.inFlight,
  },
  {
    name: 'moongate_calls_waiting',
    type: 'gauge',
    help: 'Requests of this process that wait for a place of an account.',
    read: ({ runtime }) => runtime.pool.waiting,
  },
  {
    name: 'moongate_credentials_out',
    type: 'gauge',
    help: 'Credentials that serve nobody at present: they rest, or are switched off.',
    read: ({ runtime }) => {
      const all = runtime.pool.view().flatMap(({ surface }) => runtime.pool.all(surface));
      return all.filter(({ id }) => runtime.pool.restsFor(id) > 0).length;
    },
  },
  {
    name: 'moongate_unknown_refusals_total',
    type: 'counter',
    help: 'Refusals of surfaces that no row of docs/errors.md knows (GET /admin/refusals).',
    read: ({ runtime }) => runtime.side.refusals.list().reduce((sum, { count }) => sum + count, 0),
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
