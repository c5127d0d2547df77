import { createHash } from 'node:crypto';
import { wholeBlocks } from '../chat/tokens.ts';

/** Blocks of 256 tokens, kept 5 minutes; a hit refreshes them (measured by Leechael/pi-provider-kimi-code; platform docs, caching page). */
export const BLOCK_TOKENS = 256;
export const DEFAULT_TTL_MS = 300_000;
/** About 5 million tokens: enough for every test, and a bound. */
const MAX_BLOCKS = 20_000;

/** The automatic prompt cache of one account. Invariant: `blocks` is ordered by last use, oldest first. */
export class PrefixCache {
  readonly #blocks = new Map<string, number>();
  readonly #now: () => number;
  readonly #ttlMs: number;

  constructor(now: () => number, ttlMs: number) {
    this.#now = now;
    this.#ttlMs = ttlMs;
  }

  /** How many tokens of `prompt` were known, and remembers all of it. The caller puts everything that counts into the prompt. */
  use(prompt: string): number {
    const now = this.#now();
    let hash = '';
    let cached = 0;
    let isHit = true;
    for (const block of wholeBlocks(prompt, BLOCK_TOKENS)) {
      hash = createHash('sha1').update(hash).update(block, 'utf16le').digest('base64');
      const expires = this.#blocks.get(hash);
      isHit = isHit && expires !== undefined && expires > now;
      if (isHit) cached += BLOCK_TOKENS;
      this.#blocks.delete(hash);
      this.#blocks.set(hash, now + this.#ttlMs);
    }
    this.#trim();
    return cached;
  }

  clear(): void {
    this.#blocks.clear();
  }

  #trim(): void {
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) return;
      this.#blocks.delete(oldest);
    }
  }
}
