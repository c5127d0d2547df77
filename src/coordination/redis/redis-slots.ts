import type { Clock } from '../../clock.ts';
import { SLOT_TTL_MS } from '../coordination.ts';
import type { RedisConnection, Script } from './redis-connection.ts';

/** KEYS: slots. ARGV: their life, then the member that holds each of them. One that was swept away is taken again. */
const KEEP: Script = {
  name: 'keep',
  text: `
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[i + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
return 1
`,
};
const KEPT_AT_ONCE = 500;

/** The slots that this process holds, kept alive by one timer, which runs only while there are any. */
export class RedisSlots {
  readonly #connection: RedisConnection;
  readonly #clock: Clock;
  readonly #held = new Map<string, readonly string[]>();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(connection: RedisConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  hold(member: string, keys: readonly string[]): void {
    this.#held.set(member, keys);
    // An answer of the server may come when nobody waits for it any more.
    if (this.#cancel === undefined && !this.#isClosed) this.#schedule();
  }

  letGo(member: string): void {
    this.#held.delete(member);
  }

  /** What is still held runs out by itself. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(SLOT_TTL_MS / 3, () => {
      this.#cancel = undefined;
      if (this.#held.size === 0) return;
      this.#renew();
      this.#schedule();
    });
  }

  #renew(): void {
    const held = [...this.#held].flatMap(([member, keys]) => keys.map((key) => ({ member, key })));
    for (let at = 0; at < held.length; at += KEPT_AT_ONCE) {
      const some = held.slice(at, at + KEPT_AT_ONCE);
      const keys = some.map(({ key }) => key);
      const args = [String(SLOT_TTL_MS), ...some.map(({ member }) => member)];
      this.#connection.run(KEEP, keys, args).catch(() => {});
    }
  }
}
