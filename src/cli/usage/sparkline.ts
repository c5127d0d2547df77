const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The values as bars, at most `width` of them: neighbours are added together. Nothing at all is a space. */
export function sparkline(values: readonly number[], width: number): string {
  const each = Math.max(1, Math.ceil(values.length / width));
  const sums = Array.from({ length: Math.ceil(values.length / each) }, (_, at) =>
    values.slice(at * each, (at + 1) * each).reduce((sum, value) => sum + value, 0),
  );
  const most = Math.max(...sums, 0);
  return sums.map((sum) => (sum === 0 ? ' ' : (BARS[Math.ceil((sum / most) * BARS.length) - 1] ?? ''))).join('');
}
