import type { CoverageSection } from './demand.ts';

const COORDINATION = 'test/state/coordination.test.ts';
const REDIS = 'test/state/redis-loss.test.ts';
const DATABASE = 'test/state/database.test.ts';
const MOVE = 'test/state/move-store.test.ts';
const STORE_COMMANDS = 'test/cli/store.test.ts';
const LEDGER_TEST = 'test/ledger/ledger.test.ts';
const LEDGER_CRASH = 'test/ledger/crash.test.ts';
const LEDGER_AGE = 'src/ledger/retention.test.ts';
const CRASH = 'test/conversations/crash.test.ts';
const WRITERS = 'test/conversations/concurrency.test.ts';
const OUTAGE = 'test/conversations/outage.test.ts';
const SURFACES = 'test/conversations/surfaces.test.ts';
const BUDGETS = 'test/keys/budgets.test.ts';
const PROCESSES = 'test/keys/processes.test.ts';
const REPLICAS = 'test/keys/replicas.test.ts';
const BACKUP = 'test/conversations/backup.test.ts';

export const LEDGER: CoverageSection = {
  title: 'The ledger',
  rows: [
    {
      demand: 'a row for each finished or failed call: who, what, credential (masked), tokens, cost, times, status',
      tests: [
        [LEDGER_TEST, 'each call has a row: who, what, tokens, cost, times'],
        [LEDGER_TEST, 'calls that fail count too, and what is no call does not'],
        [LEDGER_TEST, 'keys are in no row'],
      ],
    },
    {
      demand: 'costs in the account’s currency by price rows with validity dates, and by prices of the owner’s',
      tests: [
        ['src/models/cost.test.ts', 'the price is the one of the account system at that time'],
        [LEDGER_TEST, 'an answer that was searched for costs the tokens of its rounds, and its searches'],
        ['test/keys/prices.test.ts', 'serves it by prices of the owner’s: the first row that fits and holds'],
      ],
    },
    {
      demand: 'written behind the answers in batches: nothing lost on SIGTERM, at most a batch in a crash',
      tests: [
        [LEDGER_CRASH, 'SIGTERM loses nothing'],
        [
          LEDGER_CRASH,
          'killed under load, again and again: no row is lost that is older than a batch, and nothing is damaged',
        ],
        [LEDGER_AGE, 'a database that cannot be reached costs rows only beyond the limit, and the loss is told'],
      ],
    },
    {
      demand: '`GET /admin/usage` by groups and times, `moongate usage` with trends, CSV and JSON',
      tests: [
        [LEDGER_TEST, 'sums by what is asked for, in one zone’s days, as JSON and as CSV'],
        [STORE_COMMANDS, 'is a table with sums and a trend'],
        [STORE_COMMANDS, 'by several, of one key, in JSON and in Chinese'],
        [STORE_COMMANDS, 'as CSV, sums and calls, without formulas for a spreadsheet'],
      ],
    },
    {
      demand: 'bodies only where the owner wants them, then redacted and for a time',
      tests: [
        [LEDGER_TEST, 'what was said is not stored, unless the owner wants it, and then without keys'],
        [LEDGER_AGE, 'rows and what was said go when their days are over'],
      ],
    },
  ],
};

export const ENGINES: CoverageSection = {
  title: 'Where state lies, and what becomes of it',
  rows: [
    {
      demand: 'one contract for SQLite and PostgreSQL, and one for a process and Redis or Valkey',
      tests: [
        [DATABASE, 'what was written is read back, by another process too, with the same types'],
        [DATABASE, 'transactions that read and then write lose no update, over several processes'],
        [DATABASE, 'replicas that start together migrate once'],
        [COORDINATION, 'a limit holds exactly among processes that ask at once: %o'],
        [COORDINATION, 'a lock is held by one at a time, in turn, with a growing fence'],
      ],
      note: 'Every test of these files runs on both engines; the run starts the servers itself.',
    },
    {
      demand: 'a backup while running, checked, which a gateway goes on from',
      tests: [
        [BACKUP, 'a backup under load has every turn that was acknowledged before it, and a gateway goes on from it'],
        [DATABASE, 'a backup is one moment of a database that goes on being written'],
      ],
    },
    {
      demand: 'a damaged file, and one of a newer version, are refused with advice',
      tests: [
        [DATABASE, 'a file that is %s is refused with what to do'],
        [DATABASE, 'a database of a newer program is refused and left alone'],
      ],
    },
    {
      demand: '`kill -9` at any moment under load loses nothing that was acknowledged and corrupts nothing',
      tests: [
        [
          CRASH,
          'kill -9 under load, again and again: no acknowledged turn is lost, none is there twice, nothing is damaged',
        ],
        [
          CRASH,
          'one of two replicas killed under load: the other goes on with its conversations, and nothing acknowledged is lost',
        ],
        [
          LEDGER_CRASH,
          'killed under load, again and again: no row is lost that is older than a batch, and nothing is damaged',
        ],
      ],
      note: '`KILLS=50` kills fifty times.',
    },
    {
      demand: '200 writers on 20 conversations lose and reorder nothing, by a checker of the outcome',
      tests: [
        [WRITERS, 'the checker finds what it looks for'],
        [WRITERS, 'in one process'],
        [WRITERS, 'that share PostgreSQL and Redis'],
        [WRITERS, 'that share a database only: whoever has not seen the last turn is refused'],
      ],
    },
    {
      demand: 'the seed’s two turns on every surface, over a restart, and on two replicas in turn',
      tests: [
        [SURFACES, 'the second turn knows the first, stream $stream'],
        [SURFACES, 'across a restart'],
        [SURFACES, 'the second turn knows the first: $name'],
        [
          'src/upstreams/kimi-web/kimi-web.test.ts',
          'processes that share what is written use what another one renewed, and no token that is void',
        ],
      ],
    },
    {
      demand: 'budgets and limits hold on one process and on three that share PostgreSQL and Redis',
      tests: [
        [BUDGETS, 'calls whose size is known never overspend'],
        [BUDGETS, 'calls that turn out larger overspend by no more than those under way'],
        [
          PROCESSES,
          'three processes that share PostgreSQL and Redis hold one budget and one limit, for plain calls and for turns',
        ],
      ],
    },
    {
      demand: 'Redis lost: each process for itself, with a loud log and a metric, never an outage',
      tests: [
        [REDIS, 'lost in mid-load, every process goes on for itself, loudly; when it is back they share again'],
        [REDIS, 'a server that was never there holds nobody up'],
        [REDIS, 'what a process that died held is free again'],
        [OUTAGE, 'PostgreSQL and Redis stopped and started in mid-load: refused or answered, never lost'],
        [REPLICAS, 'what one replica changes holds on the others: by message, by asking, and while servers are away'],
      ],
    },
    {
      demand: 'the database lost: what needs it is refused, everything else goes on',
      tests: [
        [OUTAGE, 'PostgreSQL and Redis stopped and started in mid-load: refused or answered, never lost'],
        [
          LEDGER_CRASH,
          'PostgreSQL stopped and started in mid-load: calls are served all the time, and every row arrives',
        ],
        ['test/keys/keyring.test.ts', 'known keys open for an hour without the database'],
      ],
    },
    {
      demand: '`moongate migrate-store` moves every table from SQLite to PostgreSQL',
      tests: [
        [MOVE, 'every row of every table arrives as it was, and the way back gives the same'],
        [MOVE, 'a copy that breaks off leaves the target empty, and can be made again'],
        ['test/state/tables.test.ts', 'names every table that the migrations make, with a column that orders its rows'],
        [STORE_COMMANDS, 'migrate-store moves to PostgreSQL once, and usage reads there'],
      ],
    },
  ],
};
