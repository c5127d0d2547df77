import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from '../state.ts';
import type { WebTokens } from '../upstreams/kimi-web/renew-tokens.ts';
import type { Vault } from '../vault/vault.ts';
import { nameOfSecret, type WebTokenStore } from './web-token-store.ts';

/** A refresh token lives for about 90 days (docs/kimi-web.md). */
const KEPT_MS = 180 * 86_400_000;

export interface TableParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
}

/** The renewed tokens of the web chat, encrypted, where every replica finds what another one has renewed. */
export class WebTokensInDatabase implements WebTokenStore {
  readonly #parts: TableParts;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  async recall(secret: string): Promise<WebTokens | undefined> {
    const { database, vault, log } = this.#parts;
    const id = nameOfSecret(secret);
    const row = await database.use((db) =>
      db.selectFrom('web_tokens').select('sealed').where('id', '=', id).executeTakeFirst(),
    );
    const text = row && vault.open(row.sealed, id);
    if (row && text === undefined) {
      log.error({}, 'renewed tokens of the web chat cannot be read: the replicas need the same secret_key');
    }
    return text === undefined ? undefined : (JSON.parse(text) as WebTokens);
  }

  async write(secret: string, tokens: WebTokens): Promise<void> {
    const { database, vault, clock } = this.#parts;
    const id = nameOfSecret(secret);
    const row = { sealed: vault.seal(JSON.stringify(tokens), id), at: clock.now() };
    await database.use(async (db) => {
      await db
        .insertInto('web_tokens')
        .values({ id, ...row })
        .onConflict((on) => on.column('id').doUpdateSet(row))
        .execute();
      // Those of logins that nobody uses any more.
      await db
        .deleteFrom('web_tokens')
        .where('at', '<', clock.now() - KEPT_MS)
        .execute();
    });
  }
}
