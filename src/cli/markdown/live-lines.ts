/** Terminals that know it show what is between at once; the others ignore it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/**
 * Lines at the end of what a terminal shows, of which the last ones may still change. Only lines that did change are
 * written again, over themselves: nothing is wiped first, so nothing flickers. A line that only grows is continued.
 */
export class LiveLines {
  readonly #out: NodeJS.WriteStream;
  /** What may still change; the cursor stands behind the last one. */
  #shown: readonly string[] = [''];
  #columns: number;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
    this.#columns = out.columns;
  }

  /** `settled` will not change again; each line of `live` must fit into one row. */
  update(settled: readonly string[], live: readonly string[]): void {
    const next = [...settled, ...(live.length > 0 ? live : [''])];
    if (this.#out.columns !== this.#columns) this.#startBelow();
    const written = this.#patch(next);
    if (written !== '') this.#out.write(written);
    this.#shown = live.length > 0 ? live : [''];
  }

  /** Whether the cursor stands in a line that has something. */
  get isLineOpen(): boolean {
    return this.#shown.at(-1) !== '';
  }

  #patch(next: readonly string[]): string {
    const last = this.#shown.length - 1;
    const difference = firstDifference(this.#shown, next);
    if (difference > last) return next.length > difference ? `\n${next.slice(difference).join('\n')}` : '';
    // What has left the screen cannot be reached any more.
    const first = Math.min(Math.max(difference, last - Math.max(1, this.#out.rows - 2)), next.length - 1, last);
    const before = this.#shown[first] ?? '';
    const now = next[first] ?? '';
    if (first === last && now.startsWith(before)) {
      return [now.slice(before.length), ...next.slice(first + 1)].join('\n');
    }
    const up = last - first;
    const rows = next.slice(first).map((line) => `${line}\u001b[K`);
    const rest = next.length < this.#shown.length ? '\u001b[J' : '';
    return `${BEGIN}${up > 0 ? `\u001b[${up}A` : ''}\r${rows.join('\n')}${rest}${END}`;
  }

  /** A terminal of another width has broken the lines anew: nobody knows where they begin now. */
  #startBelow(): void {
    this.#columns = this.#out.columns;
    if (this.isLineOpen) this.#out.write('\n');
    this.#shown = [''];
  }
}

function firstDifference(before: readonly string[], after: readonly string[]): number {
  let at = 0;
  while (at < before.length && at < after.length && before[at] === after[at]) at++;
  return at;
}
