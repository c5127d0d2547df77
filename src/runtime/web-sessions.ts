import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Log } from '../log.ts';
import type { State } from '../state.ts';
import { Sessions } from '../upstreams/kimi-web/session.ts';
import { keyFromText, Vault } from '../vault/vault.ts';
import { WebTokenFile } from './web-token-file.ts';
import { nameOfSecret, type WebTokenStore } from './web-token-store.ts';
import { WebTokensInDatabase } from './web-token-table.ts';

export interface SessionParts {
  readonly clock: Clock;
  readonly log: Log;
  /** What replicas share; undefined for a command of the owner's. */
  readonly state?: State | undefined;
}

/** Renewing takes seconds at the most; whoever waits longer than this finds out what became of it by itself. */
const WAIT_MS = 45_000;
const QUEUE = 10_000;

/** The logins of the web chat. Renewed tokens are kept in the data folder, or in the database that replicas share. */
export function webSessions(config: Config, { clock, log, state }: SessionParts): Sessions {
  const store = storeOf(config, { clock, log, state });
  // Sessions go by the id of a credential; the store by its secret, which the id only hints at.
  const secrets = new Map<string, string>(
    Object.values(config.surfaces).flatMap(({ credentials }) =>
      credentials.map(({ name, secret }) => [`${name} ${secret}`, secret.reveal()] as const),
    ),
  );
  const secretOf = (id: string) => secrets.get(id) ?? id;
  const told = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      log.error({ why: cause instanceof Error ? cause.message : String(cause) }, what);
      throw cause;
    }
  };
  return new Sessions({
    recall: (id) => told('renewed tokens of the web chat could not be read', () => store.recall(secretOf(id))),
    onRotated: (id, tokens) => told(UNWRITTEN, () => store.write(secretOf(id), tokens)),
    ...(state ? { alone: (id, work) => alone(`web-token:${nameOfSecret(secretOf(id))}`, work, state) } : {}),
  });
}

const UNWRITTEN = 'renewed tokens of the web chat could not be written; unless they are later, a new login is needed';

function storeOf(config: Config, { clock, log, state }: SessionParts): WebTokenStore {
  const { secret_key: key, data } = config;
  const file = new WebTokenFile(join(data, 'web-tokens.json'));
  if (state?.database.kind !== 'postgres') return file;
  if (key !== undefined) {
    return new WebTokensInDatabase({
      database: state.database,
      vault: new Vault(() => keyFromText(key.reveal())),
      clock,
      log,
    });
  }
  if ((config.surfaces['kimi-web']?.credentials.length ?? 0) > 0) {
    log.warn(
      {},
      'replicas cannot share renewed tokens of the web chat without the same secret_key (MOONGATE_SECRET_KEY)',
    );
  }
  return file;
}

/** While no other process does the same. If the turn does not come it is done all the same. */
async function alone<T>(key: string, work: () => Promise<T>, { coordination }: State): Promise<T> {
  const lock = await coordination.lock(key, { waitMs: WAIT_MS, queue: QUEUE });
  try {
    return await work();
  } finally {
    if (lock.held) await lock.release();
  }
}
