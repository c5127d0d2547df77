import { refusalById } from '../atlas/index.ts';
import type { Clock } from '../clock.ts';
import type { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import { redacted } from './redact.ts';

/** A refusal that the atlas knows by nothing but its status. */
export interface UnknownRefusal {
  readonly surface: string;
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  /** Without what looks like a secret, shortened. */
  readonly sentence: string;
  readonly taken_for: string;
  readonly count: number;
  readonly first_at: number;
  readonly last_at: number;
}

/** So many different ones are kept; the one that was not seen for longest goes first. */
const KEPT = 100;

/** What surfaces said that nobody knew: counted and shown, so that it becomes a row of the atlas. */
export class UnknownRefusals {
  readonly #clock: Clock;
  readonly #log: Log;
  /** By their kind, the one seen last at the end. */
  readonly #seen = new Map<string, UnknownRefusal>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  heard(error: GatewayError): void {
    const said = saidBy(error);
    if (said === undefined) return;
    const { refusal, surface = '' } = error.details;
    const row = refusal === undefined ? undefined : refusalById(refusal);
    if (row !== undefined && row.guessed !== true) return;
    const sentence = redacted(error.message);
    // Numbers in a sentence do not make it another one.
    const kind = [surface, said.status, said.type, said.code, sentence.replace(/\d+/g, '#')].join('\n');
    const now = this.#clock.now();
    const before = this.#seen.get(kind);
    this.#seen.delete(kind);
    this.#seen.set(kind, {
      ...{ surface, ...said, sentence, taken_for: error.code },
      ...{ count: (before?.count ?? 0) + 1, first_at: before?.first_at ?? now, last_at: now },
    });
    if (before !== undefined) return;
    this.#log.warn({ surface, ...said, sentence, taken_for: error.code }, 'a refusal that is not known');
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > KEPT && oldest !== undefined) this.#seen.delete(oldest);
  }

  /** The newest first. */
  list(): readonly UnknownRefusal[] {
    return [...this.#seen.values()].reverse();
  }
}

function saidBy({ details }: GatewayError): Pick<UnknownRefusal, 'status' | 'type' | 'code'> | undefined {
  const said = details.extra?.['upstream'];
  if (typeof said !== 'object' || said === null) return undefined;
  const { status, type, code } = said as Record<string, unknown>;
  if (typeof status !== 'number') return undefined;
  return { status, type: textOrNull(type), code: textOrNull(code) };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? redacted(value) : null);
