/**
 * What a text costs in tokens, by the classes of its characters and what stands before them: a word costs little more
 * than its beginning, numbers go by threes, Chinese by the character. Fitted to the vocabulary that the vendor published
 * (MoonshotAI/Kimi-Vendor-Verifier, beam/tokenizer); `node scripts/measure-tokens.ts` says how far it is off.
 */

const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const MARK = 4;
const SPACE = 5;
const LINE = 6;
const HAN = 7;
const SCRIPT = 8;
const ALPHABET = 9;
const EMOJI = 10;
/** Kana, and the marks of Chinese and Japanese. */
const CJK = 11;
/** A byte that continues a character. */
const CONTINUED = 12;
const CLASSES = 13;

/** Longer runs of letters are no words, and cost what random letters cost. */
const LONG_WORD = 12;
const RANDOM_LETTER = 0.3;

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

function classOf(byte: number): number {
  if (byte >= 0x80) return classOfLead(byte);
  const character = String.fromCharCode(byte);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/\d/.test(character)) return DIGIT;
  if (character === '\n' || character === '\r') return LINE;
  return character === ' ' || character === '\t' ? SPACE : MARK;
}

/** By their first byte: U+3000 to U+3FFF are kana and marks, U+4000 to U+9FFF Han, U+F000 on the wide marks. */
function classOfLead(byte: number): number {
  if (byte < 0xc0) return CONTINUED;
  if (byte < 0xe0) return ALPHABET;
  if (byte < 0xe3) return SCRIPT;
  if (byte === 0xe3 || byte === 0xef) return CJK;
  if (byte < 0xea) return HAN;
  return byte < 0xf0 ? SCRIPT : EMOJI;
}

function costOf(before: number, now: number): number {
  switch (now) {
    case LOWER:
      return before === LOWER || before === UPPER ? 0.04 : 1;
    case UPPER:
      return before === UPPER ? 0.1 : before === LOWER ? 0.6 : 1.05;
    case DIGIT:
      return before === DIGIT ? 0.3 : 1.15;
    case MARK:
      return before === MARK ? 0.27 : 0.62;
    // One space belongs to the word behind it; an indentation is a token.
    case SPACE:
      return before === LINE ? 0.77 : 0;
    case LINE:
      return before === LINE ? 0 : 0.35;
    // Common words of two characters and more are one token.
    case HAN:
      return before === HAN ? 0.5 : 1.2;
    case CJK:
      return 0.56;
    case SCRIPT:
      return 1.07;
    case ALPHABET:
      return 0.46;
    case EMOJI:
      return 2;
    default:
      return 0;
  }
}

const CLASS_OF = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));
const COSTS = Float64Array.from({ length: CLASSES * CLASSES }, (_, at) =>
  costOf(Math.floor(at / CLASSES), at % CLASSES),
);
/** What `\n`, `\t` and their like in JSON stand for; every other escape but `\u` is a mark. */
const ESCAPED: Readonly<Record<number, number>> = { 110: LINE, 114: LINE, 116: SPACE };

/** The tokens of UTF-8 text between two places; `\` begins an escape of JSON. */
export function weigh(bytes: Buffer, from: number, end: number): number {
  let sum = 0;
  let before = OTHER;
  let letters = 0;
  for (let at = from; at < end; at++) {
    let now = CLASS_OF[bytes[at] ?? 0] ?? OTHER;
    if (bytes[at] === BACKSLASH) {
      const next = bytes[++at] ?? 0;
      now = next === LETTER_U ? classOfEscape(bytes, at + 1) : (ESCAPED[next] ?? MARK);
      if (next === LETTER_U) at += 4;
    } else if (now === CONTINUED) continue;
    letters = now === LOWER || now === UPPER ? letters + 1 : 0;
    sum += letters > LONG_WORD ? RANDOM_LETTER : (COSTS[before * CLASSES + now] ?? 0);
    before = now;
  }
  return sum;
}

/** `\u4f60` */
function classOfEscape(bytes: Buffer, start: number): number {
  const code = Number.parseInt(bytes.toString('latin1', start, start + 4), 16);
  if (Number.isNaN(code)) return MARK;
  return classOfLeadOrAscii(code);
}

function classOfLeadOrAscii(code: number): number {
  if (code < 0x80) return classOf(code);
  if (code < 0x800) return ALPHABET;
  // Each half of a pair; the other half is free.
  if (code >= 0xd800 && code < 0xe000) return code < 0xdc00 ? EMOJI : OTHER;
  return classOfLead(0xe0 + (code >> 12));
}
