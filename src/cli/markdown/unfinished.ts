/** A last line that is nothing but marks may become anything: a list, a rule, a table, a heading of the line above. */
const BARE_MARKS = /(^|\n)[ \t]*(?:[-=*_#>+`~|: \t]+|\d+[.)]?[ \t]*)$/;

/** What is certain of a text that is still being written. */
export function withoutBareMarks(source: string): string {
  return source.replace(BARE_MARKS, '$1');
}

/** A block that is still being written, as it will most likely be: marks that were opened count as closed. */
export function asIfFinished(block: string): string {
  const source = block.replace(/[*_`~]+$/, '');
  return source + closers(source);
}

function closers(source: string): string {
  const text = source.slice(source.lastIndexOf('\n\n') + 1);
  if (isOdd(text.match(/`/g))) return '`';
  const plain = text.replace(/`[^`]*`/g, '');
  const bold = isOdd(plain.match(/\*\*/g));
  // A space before the mark would keep it from closing.
  return bold && !/\s$/.test(plain) ? '**' : '';
}

const isOdd = (found: readonly string[] | null): boolean => (found?.length ?? 0) % 2 === 1;
