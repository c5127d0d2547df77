/** What looks like a secret, a name of somebody, or a client's own words inside a server's sentence. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]*\.[\w-]*(\.[\w-]*)?/g, '<token>'],
  [/\b(sk|ak|pk|key|org|proj|user)-[\w-]{3,}/gi, '<$1>'],
  [/\bbearer\s+\S+/gi, 'Bearer <token>'],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '<address>'],
  [/\b(https?:\/\/[^\s/?#]+)[^\s]*/gi, '$1/<path>'],
  [/\b[A-Za-z0-9+/_=-]{24,}/g, '<id>'],
  // Servers quote what they refuse.
  [/(["'`“‘])[^"'`”’]{24,}(["'`”’])/g, '$1<text>$2'],
];

const LONGEST = 300;

/** A server's sentence as it may be kept and shown. */
export function redacted(sentence: string): string {
  const clean = PATTERNS.reduce((text, [pattern, mark]) => text.replace(pattern, mark), sentence.slice(0, 4 * LONGEST));
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}
