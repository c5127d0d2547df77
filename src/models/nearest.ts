/** The candidates that look most like `name`, best first; for "did you mean". */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase();
  const scored = [...new Set(candidates)].map((candidate) => ({
    candidate,
    score: distance(wanted, candidate.toLowerCase()),
  }));
  return scored
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate))
    .filter(({ candidate, score }) => score <= Math.max(wanted.length, candidate.length) * 0.7)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Edit distance (Levenshtein) with two rows. Inputs are cut so that a hostile name costs nothing. */
function distance(a: string, b: string): number {
  const left = a.slice(0, 64);
  const right = b.slice(0, 64);
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
