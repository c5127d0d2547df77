import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/index.ts';
import type { CredentialInfo } from '../../index.ts';

const POLITE_MS = 60_000;

interface Kept {
  readonly of: string;
  readonly at: number;
  readonly credentials: readonly CredentialInfo[];
}

/** What the surfaces said last, in a file under `data`: whoever asks again within a minute gets that. Masks only. */
export class QuotaFile {
  readonly #path: string;
  readonly #folder: string;
  readonly #of: string;

  constructor(config: Config) {
    this.#folder = config.data;
    this.#path = join(config.data, 'quotas.json');
    const surfaces = Object.values(config.surfaces).map(({ id, enabled, base_url, credentials }) => {
      return [id, enabled, base_url, credentials.map(({ name, secret }) => `${name} ${secret}`)];
    });
    // Another configuration has other accounts.
    this.#of = createHash('sha256')
      .update(JSON.stringify([surfaces, config.undecided]))
      .digest('hex');
  }

  read(): readonly CredentialInfo[] | undefined {
    try {
      const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as Kept;
      const age = systemClock.now() - kept.at;
      return kept.of === this.#of && age >= 0 && age < POLITE_MS ? kept.credentials : undefined;
    } catch {
      return undefined;
    }
  }

  /** Only where there is a data folder: a look at quotas makes none. */
  write(credentials: readonly CredentialInfo[]): void {
    if (!existsSync(this.#folder)) return;
    const kept: Kept = { of: this.#of, at: systemClock.now(), credentials };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // It is for politeness only.
    }
  }
}
