/** What a pattern may hold: the characters of model names, and `*` for any run of them. */
export const NAME_PATTERN = /^[\w.:/@+[\]*-]+$/;

/** Whether the whole name fits the pattern; case does not matter, `*` stands for any text, also none. */
export function fitsPattern(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return text.length - from >= last.length && text.endsWith(last);
}

/** The pattern with the most text of its own that fits, so that the order in which they are written does not matter. */
export function closestPattern(name: string, patterns: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    if (!pattern.includes('*') || !fitsPattern(name, pattern)) continue;
    if (best === undefined || ownLength(pattern) > ownLength(best)) best = pattern;
  }
  return best;
}

const ownLength = (pattern: string) => pattern.replaceAll('*', '').length;
