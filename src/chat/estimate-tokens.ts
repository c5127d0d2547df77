import type { JsonDocument } from './json-document.ts';
import { endOfString } from './json-spans.ts';

/**
 * How many tokens a prompt takes, without a vocabulary: each byte has a weight by the class of its character. The
 * structure of the JSON (names of members, quotes, braces) is counted like text, which comes to about what the model's
 * own marks between messages cost. Good for routing and for clamping a cap, not for billing: calibrate it per model
 * with the usage that answers report.
 */

/** The members that become part of the prompt. */
const PROMPT = ['messages', 'tools', 'response_format', 'system', 'output_config'];
/** What a picture inside the request counts. The vendor's price depends on its size, which we do not look at. */
const MEDIA = 1_100;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const DATA_URL = Buffer.from('"data:');
/** The same in Anthropic's shape. */
const DATA_MEMBER = Buffer.from('"data":"');
/** As much of it as tells base64 from the text of a document. */
const DATA_SAMPLE = 512;

/** A Chinese character is 0.6 to 0.7 of a token, written as itself or as `\u4f60`. */
const CJK_WEIGHT = 0.66;

/** A token holds about 4.5 letters, 2 digits or 2 marks; spaces mostly belong to the word behind them. */
const WEIGHTS = Float64Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte < 0x80) {
    if (/[a-z]/.test(character)) return 0.22;
    if (/[A-Z]/.test(character)) return 0.3;
    if (/\d/.test(character)) return 0.5;
    return character === ' ' ? 0.08 : 0.45;
  }
  // Bytes that continue a character; then two-byte alphabets, three-byte scripts (mostly CJK), emoji.
  if (byte < 0xc0) return 0;
  return byte < 0xe0 ? 0.5 : byte < 0xf0 ? CJK_WEIGHT : 2;
});

export function estimatePromptTokens(request: JsonDocument): number {
  let tokens = 0;
  for (const member of PROMPT) {
    if (!request.has(member)) continue;
    const raw = request.raw(member) ?? Buffer.from(JSON.stringify(request.get(member)) ?? '');
    tokens += estimateTokens(raw);
  }
  return Math.ceil(tokens);
}

/** For JSON or plain text in UTF-8. Data URLs and base64 inside JSON strings count as one picture each. */
export function estimateTokens(bytes: Buffer): number {
  let tokens = 0;
  let from = 0;
  for (let data = dataFrom(bytes, 0); data !== -1; data = dataFrom(bytes, from)) {
    tokens += weigh(bytes, from, data) + MEDIA;
    from = endOfString(bytes, data);
  }
  return tokens + weigh(bytes, from, bytes.length);
}

/** The opening quote of the next picture; -1 if there is none. */
function dataFrom(bytes: Buffer, from: number): number {
  const url = bytes.indexOf(DATA_URL, from);
  for (let at = bytes.indexOf(DATA_MEMBER, from); at !== -1; at = bytes.indexOf(DATA_MEMBER, at + 1)) {
    if (url !== -1 && url < at) return url;
    const start = at + DATA_MEMBER.length;
    const sample = bytes.toString('latin1', start, start + DATA_SAMPLE);
    if (sample.length === DATA_SAMPLE && /^[A-Za-z0-9+/]+$/.test(sample)) return start - 1;
  }
  return url;
}

function weigh(bytes: Buffer, from: number, end: number): number {
  let sum = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH && bytes[at + 1] === LETTER_U) {
      sum += CJK_WEIGHT;
      at += 5;
    } else sum += WEIGHTS[byte] ?? 0;
  }
  return sum;
}
