import { createHash } from 'node:crypto';
import type { WebTokens } from '../upstreams/kimi-web/renew-tokens.ts';

/** Where renewed tokens of the web chat are kept: each renewal voids the tokens before it. */
export interface WebTokenStore {
  /** What was written last for a credential whose configured secret is still the same, by whomever. */
  recall(secret: string): WebTokens | undefined | Promise<WebTokens | undefined>;
  /** Throws what keeps it from being written. */
  write(secret: string, tokens: WebTokens): void | Promise<void>;
}

/** A new secret in the configuration is a new login. */
export function nameOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
