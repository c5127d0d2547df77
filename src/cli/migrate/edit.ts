import type { Option } from './code/options.ts';
import type { RecordLiteral, Span, Text } from './syntax/expression.ts';
import type { SourceFile } from './syntax/source-file.ts';

/** A piece of the text and what takes its place. */
export interface Edit extends Span {
  readonly text: string;
}

/** All edits that do not overlap earlier ones; the others are found again in the changed text. */
export function applyEdits(text: string, groups: readonly (readonly Edit[])[]): string {
  const taken: Edit[] = [];
  for (const group of groups) {
    const isFree = group.every((edit) => taken.every((other) => edit.to < other.from || edit.from > other.to));
    if (isFree) taken.push(...group);
  }
  taken.sort((a, b) => b.from - a.from);
  return taken.reduce((result, { from, to, text: by }) => result.slice(0, from) + by + result.slice(to), text);
}

/** Another text between the same quotes; undefined where the literal has a prefix or characters to escape. */
export function replaceText(file: SourceFile, literal: Text, value: string): readonly Edit[] | undefined {
  const quote = file.text.charAt(literal.from);
  const isPlain = `${quote}${literal.value}${quote}` === file.slice(literal);
  return isPlain && /^["'`]$/.test(quote) ? [{ ...bounds(literal), text: `${quote}${value}${quote}` }] : undefined;
}

const bounds = ({ from, to }: Span): Span => ({ from, to });

/** Takes an option out, with its comma, and with its line if nothing else stands there. */
export function removeOption(file: SourceFile, { from, to, owner }: Option): readonly Edit[] | undefined {
  if (owner === undefined) return undefined;
  const { text } = file;
  const comma = /^\s*,/.exec(text.slice(to, owner.to));
  const end = comma ? to + comma[0].length : to;
  const line = file.lineAt(from);
  const isOwnLine =
    text.slice(line.from, from).trim() === '' &&
    file.lineAt(to).from === file.lineAt(end).from &&
    /^[ \t]*(?:\/\/.*|#.*)?\r?$/.test(text.slice(end, file.lineAt(end).to));
  if (isOwnLine) return [{ from: line.from, to: Math.min(file.lineAt(end).to + 1, text.length), text: '' }];
  if (comma) return [{ from, to: end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), text: '' }];
  const before = /,\s*$/.exec(text.slice(owner.from, from));
  return [{ from: before ? from - before[0].length : from, to, text: '' }];
}

/** Puts an option first, on a line of its own where the others have theirs. */
export function addOption(file: SourceFile, record: RecordLiteral, option: string): readonly Edit[] {
  const at = record.from + 1;
  const [first] = [...record.entries, ...record.spreads].sort((a, b) => a.from - b.from);
  const rest = file.text.slice(at, record.to);
  if (first === undefined && rest.trim().length <= 1) {
    const space = file.isPython ? '' : ' ';
    return [{ from: at, to: record.to - 1, text: `${space}${option}${space}` }];
  }
  const gap = /^\s*/.exec(rest)?.[0] ?? '';
  return [{ from: at, to: at, text: gap === '' ? `${option}, ` : `${gap}${option},` }];
}
