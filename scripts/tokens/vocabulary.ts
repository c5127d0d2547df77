import { readFileSync } from 'node:fs';

/**
 * How the vocabulary of the Kimi models cuts text before it merges bytes (MoonshotAI/Kimi-Vendor-Verifier,
 * beam/tokenizer): runs of Chinese, words with the mark or space before them, up to three digits, runs of marks, line
 * ends, spaces.
 */
const UPPER = String.raw`[[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]--\p{Script=Han}]`;
const LOWER = String.raw`[[\p{Ll}\p{Lm}\p{Lo}\p{M}]--\p{Script=Han}]`;
const ENDING = `(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?`;
const BEFORE = String.raw`[^\r\n\p{L}\p{N}]?`;
const PIECE = new RegExp(
  [
    String.raw`\p{Script=Han}+`,
    `${BEFORE}${UPPER}*${LOWER}+${ENDING}`,
    `${BEFORE}${UPPER}+${LOWER}*${ENDING}`,
    String.raw`\p{N}{1,3}`,
    String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*`,
    String.raw`\s*[\r\n]+`,
    String.raw`\s+(?!\S)`,
    String.raw`\s+`,
  ].join('|'),
  'gv',
);

/** A tokenizer from a `tiktoken.model` file: one line for each token, its bytes in base64 and its rank. */
export class Vocabulary {
  readonly #ranks = new Map<string, number>();
  readonly #known = new Map<string, number>();

  constructor(path: string) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const [token, rank] = line.split(' ');
      if (token && rank) this.#ranks.set(Buffer.from(token, 'base64').toString('latin1'), Number(rank));
    }
  }

  count(text: string): number {
    let sum = 0;
    for (const [piece] of text.matchAll(PIECE)) sum += this.#countPiece(piece);
    return sum;
  }

  #countPiece(piece: string): number {
    const bytes = Buffer.from(piece).toString('latin1');
    if (this.#ranks.has(bytes)) return 1;
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const count = this.#merged(bytes);
    this.#known.set(bytes, count);
    return count;
  }

  /** Byte pair encoding: of all neighbours the pair with the lowest rank is merged, until none has one. */
  #merged(bytes: string): number {
    const parts = Array.from(bytes);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let place = -1;
      for (let at = 0; at + 1 < parts.length; at++) {
        const rank = this.#ranks.get(`${parts[at]}${parts[at + 1]}`) ?? Number.POSITIVE_INFINITY;
        if (rank < best) {
          best = rank;
          place = at;
        }
      }
      if (place < 0) return parts.length;
      parts.splice(place, 2, `${parts[place]}${parts[place + 1]}`);
    }
  }
}
