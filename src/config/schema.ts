import { z } from 'zod';
import { conversationsSchema } from './conversations-schema.ts';
import {
  choice,
  count,
  duration,
  flag,
  listen,
  names,
  number,
  pattern,
  secret,
  secrets,
  secretUrl,
  size,
  text,
} from './fields.ts';
import { filesSchema } from './files-schema.ts';
import { inboundKeySchema } from './key-schema.ts';
import { limitsSchema } from './limits-schema.ts';
import { modelTiersSchema } from './model-tiers-schema.ts';
import { originName } from './origin-name.ts';
import { toConfig } from './resolve.ts';
import { retriesSchema } from './retries-schema.ts';
import { searchSchema } from './search-schema.ts';
import { callTimeouts, surfaceSchema } from './surface-schema.ts';

/**
 * Every key of the configuration: what is valid, what holds where nothing is said, and what it means. The environment
 * names, the reference page and the advice on misspelt keys are derived from here.
 */

const timeoutsSchema = z.strictObject({
  connect_ms: callTimeouts.connect_ms.prefault('10s'),
  first_byte_ms: callTimeouts.first_byte_ms.prefault('5m'),
  idle_ms: callTimeouts.idle_ms.prefault('2m'),
  total_ms: callTimeouts.total_ms.prefault('30m'),
  queue_ms: duration(
    'How long a request may wait for a place when every account that could serve it is at its limit or rests.',
    { zero: true },
  ).prefault('30s'),
  keep_alive_ms: duration(
    'After this long without anything to send, a stream gets an SSE comment, so that nothing between gives up while the model thinks. 0 turns it off.',
    { zero: true },
  ).prefault('15s'),
  body_ms: duration('How long a request body may take to arrive.').prefault('1m'),
  stop_ms: duration('How long a graceful stop waits for answers that are under way.', { zero: true }).prefault('30s'),
});

const ledgerSchema = z.strictObject({
  enabled: flag(
    'Keep a row for each call of a model: who, what, when, tokens, cost. Nothing of what was said.',
  ).prefault(true),
  keep_days: count('After this many days a row is deleted.', 1, 36_500).prefault(400),
  bodies: flag('Store requests and answers as well, with keys and media cut out.').prefault(false),
  bodies_keep_days: count('After this many days what was said is deleted.', 1, 36_500).prefault(7),
  bodies_bytes: size('What is stored of a request, and of an answer.').prefault('64KiB'),
  redact: z
    .array(pattern('A regular expression.'), { error: 'must be a list of regular expressions' })
    .prefault([])
    .meta({ kind: 'list', description: 'Regular expressions for what else is cut out before it is stored.' }),
});

export const settingsSchema = z.strictObject({
  listen: listen('Where the gateway listens. A bare port means 127.0.0.1; 0 lets the system choose.').prefault(
    '127.0.0.1:8000',
  ),
  data: text('Folder of the SQLite file and of the secrets, relative to where the gateway starts.')
    .prefault('./.moongate')
    .meta({ restart: true }),
  database: secretUrl('`postgres://…` for what must last, shared by a fleet. Default: SQLite under `data`.', [
    'postgres',
    'postgresql',
  ])
    .optional()
    .meta({ restart: true }),
  coordination: secretUrl(
    '`redis://…` (Redis or Valkey; `rediss://…` with TLS) for rate limits, cool-downs and locks, shared by a fleet. Default: each process for itself.',
    ['redis', 'rediss', 'valkey', 'valkeys'],
  )
    .optional()
    .meta({ restart: true }),
  secret_key: secret(
    'Encrypts the credentials that are added at run time, and the logins that replicas share. Default: a key file in `data`, which only the owner can read; replicas that share a database need the same key.',
  )
    .optional()
    .meta({ restart: true }),
  surfaces: z
    .record(surfaceId(), surfaceSchema, { error: 'must be a map: surface id → settings' })
    .prefault({})
    .meta({ description: 'The places that serve Kimi, by id.' }),
  undecided: z.array(secrets('A key.'), { error: 'must be a list of keys' }).prefault([]).meta({
    kind: 'secret',
    description: 'Moonshot keys whose account system is not known; the gateway finds out at start by asking both.',
  }),
  routes: z
    .record(z.string(), names('Surface ids, the first choice first.').min(1, 'names no surface'))
    .prefault({})
    .meta({ description: 'Orders in which surfaces are tried. `default` serves everybody who is not sent elsewhere.' }),
  aliases: z
    .record(z.string(), text('A model, or another alias.'), { error: 'must be a map: alias → model' })
    .prefault({})
    .meta({
      kind: 'pairs',
      description:
        'Further names for models, on top of the built-in ones: `{ mine: kimi-k3, "gpt-5*": kimi-k2.6 }`. A name with `*` is a pattern; where several fit, the one with the most text of its own counts. A model may name its surface: `moonshot-ai/kimi-k3`.',
    }),
  model_tiers: modelTiersSchema.prefault({}).meta({
    description: "Models for the names that other vendors' clients have built in (docs/models.md lists the patterns).",
  }),
  models: z
    .strictObject({
      default: text('The model of requests that name none.').optional(),
      refresh_ms: duration('How often the model lists of the surfaces are read again.').prefault('1h'),
    })
    .prefault({}),
  defaults: z
    .strictObject({
      temperature: number('Sent where a request has none. Models that fix it ignore it.', {
        least: 0,
        most: 2,
      }).optional(),
      max_tokens: count('Sent where a request has no limit.', 1, 10_000_000).optional(),
    })
    .prefault({})
    .meta({ description: 'Values for requests that leave them out.' }),
  keys: z.array(inboundKeySchema, { error: 'must be a list, such as [ { name: laptop, key: … } ]' }).prefault([]).meta({
    kind: 'keys',
    description: 'Keys that clients must send. None on loopback means that any client of this machine may call.',
  }),
  budgets: z
    .strictObject({
      cny_per_usd: number('By which rate costs count towards a budget in the other currency; nobody asks for it.', {
        least: 0.01,
        most: 1_000,
      }).prefault(7.1),
      utc_offset_minutes: number('When days and months of budgets begin, as minutes east of UTC, such as 480.', {
        least: -840,
        most: 840,
        whole: true,
      }).prefault(0),
    })
    .prefault({}),
  admin_key: secret('Opens the admin API and the dashboard from elsewhere than this machine.').optional(),
  query_key: flag(
    'Also take an inbound key from the query of a GET (`?key=` or `?api_key=`), for browsers whose EventSource can send no header. Off by default: addresses end up in histories and in the logs of proxies; here they are never logged.',
  ).prefault(false),
  allowed_origins: z
    .array(originName, { error: 'must be a list of origins' })
    .prefault([])
    .meta({ kind: 'list', description: 'Web pages that may call, as exact origins. Every other Origin is refused.' }),
  allowed_hosts: z
    .array(
      text('A host name.')
        .toLowerCase()
        .regex(/^[a-z0-9.:[\]-]+$/, 'must be a host name, with or without :port'),
    )
    .prefault([])
    .meta({ kind: 'list', description: 'Further names under which the gateway may be called, e.g. behind a proxy.' }),
  strict: flag('Refuse with 400 instead of repairing a request.').prefault(false),
  tool_validation: choice(
    '`repair` puts arguments of tool calls right that are nearly JSON; `retry` also checks them against what the request declares, and asks the surface once more where they do not fit. The header `x-moongate-tool-validation` decides for one request.',
    ['repair', 'retry'],
  ).prefault('repair'),
  stream_upstream: choice('`always` asks surfaces for a stream even where the client wants a whole answer.', [
    'as_asked',
    'always',
  ]).prefault('as_asked'),
  dialect: z
    .strictObject({
      disabled: names('Ids of rules that are not to be applied (docs/dialect.md lists them).').prefault([]),
    })
    .prefault({}),
  reasoning: z
    .strictObject({
      store: flag(
        'Keep the thoughts before tool calls in the database for a week, so that tool loops go on over a restart. Off by default, because what models answer is not stored unless you want it; without it they are remembered in memory.',
      )
        .prefault(false)
        .meta({ restart: true }),
    })
    .prefault({}),
  images: z
    .strictObject({
      fetch: flag(
        'Fetch pictures that a request names by public URL, which Kimi refuses; from public addresses only.',
      ).prefault(true),
      max_bytes: size('The largest picture that is fetched.').prefault('20MiB'),
      timeout_ms: duration('How long fetching a picture may take.').prefault('15s'),
    })
    .prefault({}),
  search: searchSchema.prefault({}).meta({ description: 'Searching the web (docs/web-search.md).' }),
  responses: z
    .strictObject({
      store: choice(
        '`memory` forgets them when the gateway stops; `database` keeps them, and shares them in a fleet.',
        ['memory', 'database'],
      )
        .prefault('memory')
        .meta({ restart: true }),
      keep: count(
        'Responses of the Responses protocol that are kept, to be fetched and continued. 0: none.',
        0,
        100_000,
      ).prefault(2_000),
      bytes: size(
        'The most bytes of them. When they are used up, whoever has the most loses what was not used for longest.',
      ).prefault('64MiB'),
      age_ms: duration('How long they are kept.').prefault('7d'),
      background: count('Responses that may run in the background at once.', 0, 10_000).prefault(16),
    })
    .prefault({}),
  ledger: ledgerSchema.prefault({}),
  files: filesSchema.prefault({}),
  conversations: conversationsSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  timeouts: timeoutsSchema.prefault({}),
  retries: retriesSchema.prefault({}),
  log: z
    .strictObject({
      level: choice('The least important lines that are written.', [
        'trace',
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]).prefault('info'),
      format: choice('`auto` is `pretty` on a terminal and `json` elsewhere.', ['auto', 'json', 'pretty']).prefault(
        'auto',
      ),
    })
    .prefault({}),
});

function surfaceId() {
  return z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dots and dashes');
}

/** Settings as they are written → the configuration with everything filled in and cross-checked. */
export const configSchema = settingsSchema.transform(toConfig);

export type Settings = z.output<typeof settingsSchema>;
export type Config = z.output<typeof configSchema>;
