/**
 * A deterministic estimate, not the vendor's tokenizer: ASCII 4 characters a token, CJK 0.7 of a token each,
 * everything else half a token. Counted in twentieths so that sums stay whole numbers.
 */
const ASCII = 5;
const CJK = 14;
const OTHER = 10;
const TOKEN = 20;

/** Added to each message and to each request: the role marks and the opening of the answer. */
export const MESSAGE_TOKENS = 4;
export const REQUEST_TOKENS = 3;
/** A picture's or a video's flat price here; the vendor's depends on its size. */
export const MEDIA_TOKENS = 1024;

function weight(code: number): number {
  if (code < 0x80) return ASCII;
  return (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af) || (code >= 0xff00 && code <= 0xffef)
    ? CJK
    : OTHER;
}

export function countTokens(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += weight(text.charCodeAt(index));
  return Math.ceil(sum / TOKEN);
}

/** The longest beginning of `text` that costs at most `limit` tokens; never cuts a surrogate pair. */
export function cutTokens(text: string, limit: number): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    sum += weight(text.charCodeAt(index));
    if (sum > limit * TOKEN) {
      const isInsidePair = index > 0 && /[\uD800-\uDBFF]/.test(text.charAt(index - 1));
      return text.slice(0, isInsidePair ? index - 1 : index);
    }
  }
  return text;
}

/** Cuts `text` after every `size` tokens; the rest that fills no block is left out, as the cache stores whole blocks only. */
export function* wholeBlocks(text: string, size: number): Generator<string> {
  let start = 0;
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    sum += weight(text.charCodeAt(index));
    if (sum < size * TOKEN) continue;
    yield text.slice(start, index + 1);
    start = index + 1;
    sum = 0;
  }
}
