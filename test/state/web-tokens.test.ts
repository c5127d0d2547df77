import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { WebTokensInDatabase } from '../../src/runtime/web-token-table.ts';
import { keyFromText, Vault } from '../../src/vault/vault.ts';
import { describeDatabases } from './engines.ts';

const SECRET = 'the refresh token that is configured';
const tokens = (round: number) => ({
  accessToken: `access-${round}-0123456789`,
  refreshToken: `refresh-${round}-0123456789`,
});

describeDatabases('renewed logins of the web chat', (place) => {
  test('are found by every replica with the same key, lie there encrypted, and go when they are of no use', async () => {
    const where = await place();
    const [one, other] = [where.open(), where.open()];
    let now = systemClock.now();
    const lines: string[] = [];
    const log = { ...silentLog, error: (_fields: object, message: string) => lines.push(message) };
    const store = (database: typeof one, key: string) =>
      new WebTokensInDatabase({
        ...{ database, log, clock: { ...systemClock, now: () => now } },
        vault: new Vault(() => keyFromText(key)),
      });
    const [mine, his, stranger] = [
      store(one, 'the key of all'),
      store(other, 'the key of all'),
      store(other, 'another key'),
    ];
    expect(await his.recall(SECRET)).toBeUndefined();
    for (const round of [1, 2]) {
      await mine.write(SECRET, tokens(round));
      expect(await his.recall(SECRET)).toEqual(tokens(round));
    }
    const stored = JSON.stringify(await one.use((db) => db.selectFrom('web_tokens').selectAll().execute()));
    for (const text of [SECRET, 'access-2', 'refresh-2', Buffer.from('refresh-2-01').toString('base64').slice(0, 12)]) {
      expect(stored).not.toContain(text);
    }
    expect(await stranger.recall(SECRET)).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('secret_key')]);
    now += 200 * 86_400_000;
    await his.write('another login', tokens(3));
    expect(await mine.recall(SECRET)).toBeUndefined();
    expect(await mine.recall('another login')).toEqual(tokens(3));
    await Promise.all([one.close(), other.close()]);
  });
});
