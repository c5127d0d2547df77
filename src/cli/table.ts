import { padToWidth, textWidth } from './text-width.ts';

/** Columns aligned by spaces; empty cells at the end of a row leave nothing behind. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = head.length > 0 ? [head, ...rows] : rows;
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...all.map((row) => textWidth(row[column] ?? ''))),
  );
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => padToWidth(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
