/** One answer's report beside what was estimated for it. */
export interface TokenReport {
  readonly estimate: number;
  /** `usage.prompt_tokens` of the answer. */
  readonly reported: number;
  /** The length of the request's body. */
  readonly bytes: number;
}

/** Models that are remembered; their names come from clients. */
const MODELS = 200;
/** Reports of a model that count, of small and of large prompts each. */
const KEPT = 15;
/** The first answers of a model are all learned from, then one in this time: an estimate of 100 KB takes milliseconds. */
const FIRST = 16;
const EVERY_MS = 1_000;
/** Below this a prompt says what a model adds to every prompt, above it how its tokens are cut. */
const LARGE = 500;
const FACTOR = { least: 0.5, most: 2 };
const MOST_ADDED = 500;
/** Bytes of a body for a token: right for English, a little much for Chinese, far too much for pictures. */
const BYTES_PER_TOKEN = 4;
const BYTES = { least: 1.5, most: 16 };

interface Learned {
  seen: number;
  /** When an answer was due last, ticks. */
  dueAt: number;
  readonly small: TokenReport[];
  readonly large: TokenReport[];
  factor: number;
  added: number;
  bytesPerToken: number;
}

/**
 * What estimates are off for each model, from the usage that answers report: a factor, and what the model's own template
 * adds to every prompt. Medians of the last reports, within bounds, so that neither a prompt with pictures nor a surface
 * that reports nonsense leads far astray.
 */
export class TokenCalibration {
  /** The model that came first goes first. */
  readonly #models = new Map<string, Learned>();

  /** Whether an answer of the model that came at `now`, ticks, is worth the estimate; asked once for each answer. */
  isDue(model: string, now: number): boolean {
    const learned = this.#of(model);
    if (learned.seen++ >= FIRST && now - learned.dueAt < EVERY_MS) return false;
    learned.dueAt = now;
    return true;
  }

  learn(model: string, report: TokenReport): void {
    const { estimate, reported, bytes } = report;
    if (!(estimate > 0 && reported > 0 && bytes > 0)) return;
    const learned = this.#of(model);
    const reports = estimate < LARGE ? learned.small : learned.large;
    reports.push(report);
    if (reports.length > KEPT) reports.shift();
    learned.added = between(
      median(learned.small.map((one) => one.reported - one.estimate * learned.factor)),
      0,
      MOST_ADDED,
    );
    const factors = learned.large.map((one) => (one.reported - learned.added) / one.estimate);
    learned.factor = factors.length === 0 ? 1 : between(median(factors), FACTOR.least, FACTOR.most);
    const ratios = learned.large.map((one) => one.bytes / one.reported);
    if (ratios.length > 0) learned.bytesPerToken = between(median(ratios), BYTES.least, BYTES.most);
  }

  /** What an estimate comes to for this model. */
  correct(model: string, estimate: number): number {
    const learned = this.#models.get(model);
    return learned === undefined ? estimate : Math.ceil(estimate * learned.factor + learned.added);
  }

  /** A guess at the prompt's tokens from the length of the body alone. */
  ofBytes(model: string, bytes: number): number {
    return bytes / (this.#models.get(model)?.bytesPerToken ?? BYTES_PER_TOKEN);
  }

  #of(model: string): Learned {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const fresh = { seen: 0, dueAt: 0, small: [], large: [], factor: 1, added: 0, bytesPerToken: BYTES_PER_TOKEN };
    const oldest = this.#models.size >= MODELS ? this.#models.keys().next() : undefined;
    if (oldest?.done === false) this.#models.delete(oldest.value);
    this.#models.set(model, fresh);
    return fresh;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function between(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
