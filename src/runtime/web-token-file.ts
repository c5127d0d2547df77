import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WebTokens } from '../upstreams/kimi-web/renew-tokens.ts';
import { nameOfSecret, type WebTokenStore } from './web-token-store.ts';

/**
 * The renewed tokens of the web chat, in a file that only its owner can read, replaced as a whole and at once. It is
 * written when there is something to write, not before, and read anew each time: another process may have renewed.
 */
export class WebTokenFile implements WebTokenStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  recall(secret: string): WebTokens | undefined {
    const tokens = readTokens(this.#path);
    const name = nameOfSecret(secret);
    return Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  }

  write(secret: string, tokens: WebTokens): void {
    const all = { ...readTokens(this.#path), [nameOfSecret(secret)]: tokens };
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, JSON.stringify(all), { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}

function readTokens(path: string): Record<string, WebTokens> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, WebTokens>) : {};
  } catch {
    return {};
  }
}
