import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../log.ts';
import type { WebTokens } from '../upstreams/kimi-web/renew-tokens.ts';

/**
 * The renewed tokens of the web chat, in a file that only its owner can read. Each renewal voids the tokens before it,
 * so the file is replaced as a whole and at once. It is written when there is something to write, not before.
 */
export class WebTokenFile {
  readonly #path: string;
  readonly #log: Log;
  #tokens: Record<string, WebTokens> | undefined;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** What was written last for a credential whose configured secret is still the same. */
  recall(secret: string): WebTokens | undefined {
    const tokens = this.#read();
    const name = nameOf(secret);
    return Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  }

  /** A failure is told in the log: the tokens live on in memory until the process ends. */
  write(secret: string, tokens: WebTokens): void {
    const all = { ...this.#read(), [nameOf(secret)]: tokens };
    this.#tokens = all;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const draft = `${this.#path}.new`;
      writeFileSync(draft, JSON.stringify(all), { mode: 0o600 });
      renameSync(draft, this.#path);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#log.error(
        { why },
        'renewed tokens of the web chat could not be written; after a restart a new login is needed',
      );
    }
  }

  #read(): Record<string, WebTokens> {
    this.#tokens ??= readTokens(this.#path);
    return this.#tokens;
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

/** A new secret in the configuration is a new login. */
function nameOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
