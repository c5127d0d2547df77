import type { Tokens } from 'marked';
import { inlineSpans, splitLines } from './inline.ts';
import { type Line, lineWidth, plainSpan, type Span, wrap } from './span.ts';

const LEAST = 3;
const GAP: Span = { text: ' │ ', styles: ['dim'] };

/** Columns as wide as they need, the widest ones narrowed until all fit; cells break into lines. */
export function renderTable({ header, rows, align }: Tokens.Table, columns: number): readonly Line[] {
  const head = header.map(({ tokens }) => inlineSpans(tokens, ['bold']));
  const body = rows.map((row) => row.map(({ tokens }) => inlineSpans(tokens)));
  const widths = fitted(
    header.map((_, at) => Math.max(LEAST, ...[head, ...body].map((row) => widest(row[at] ?? [])))),
    columns - GAP.text.length * (header.length - 1),
  );
  const rule: Line = [{ text: widths.map((width) => '─'.repeat(width)).join('─┼─'), styles: ['dim'] }];
  const lines = (row: readonly Line[]) => rowLines(row, widths, align);
  return [...lines(head), rule, ...body.flatMap(lines)];
}

const widest = (cell: Line): number => Math.max(...splitLines(cell).map(lineWidth));

function fitted(wanted: readonly number[], room: number): readonly number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const most = Math.max(...widths);
    if (most <= LEAST) break;
    widths[widths.indexOf(most)] = most - 1;
    excess--;
  }
  return widths;
}

function rowLines(row: readonly Line[], widths: readonly number[], align: Tokens.Table['align']): readonly Line[] {
  const cells = widths.map((width, at) => splitLines(row[at] ?? []).flatMap((line) => wrap(line, width)));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    cells.flatMap((cell, at) => {
      const padded = aligned(cell[line] ?? [], widths[at] ?? 0, align[at] ?? 'left');
      return at === 0 ? padded : [GAP, ...padded];
    }),
  );
}

function aligned(line: Line, width: number, where: 'left' | 'right' | 'center'): Line {
  const room = Math.max(0, width - lineWidth(line));
  const before = where === 'right' ? room : where === 'center' ? Math.floor(room / 2) : 0;
  return [plainSpan(' '.repeat(before)), ...line, plainSpan(' '.repeat(room - before))];
}
