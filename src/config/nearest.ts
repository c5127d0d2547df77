/** Edit distance with swapped neighbours counted once: "lsiten" is one slip away from "listen". */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const above = rows[row - 1] ?? [];
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, (rows[row - 2]?.[column - 2] ?? 0) + 1);
      line.push(best);
    }
    rows.push(line);
  }
  return rows[left.length]?.[right.length] ?? 0;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** The candidate that the writer most likely meant, or undefined where none is near enough to be helpful. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Nobody needs help with a slip in a whole paragraph, and the distance is quadratic.
  if (word.length > 100) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const current = distance(plain(word), plain(candidate));
    if (current < bestDistance) [best, bestDistance] = [candidate, current];
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : ` Did you mean "${candidate}"?`;
}
