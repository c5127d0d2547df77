import type { HLJSApi } from 'highlight.js';
import type { Token, Tokens } from 'marked';
import { highlight } from './highlight.ts';
import { inlineSpans, splitLines } from './inline.ts';
import { renderTable } from './render-table.ts';
import { type Line, lineWidth, plainSpan, type Span, type Style, wrap } from './span.ts';

export interface Page {
  readonly columns: number;
  readonly highlighter: HLJSApi;
}

/** Nobody indents deeper by hand; what a model nests deeper is shown as its source. */
const DEPTH = 12;

/** Blocks one below the other, an empty line between two. */
export function renderBlocks(tokens: readonly Token[], page: Page, depth = 0): readonly Line[] {
  const lines: Line[] = [];
  for (const token of tokens) {
    if (token.type === 'space' || token.type === 'def') continue;
    const block = renderBlock(token, page, depth);
    // A tight list follows the text of its item without a gap.
    const isTight = token.type === 'list' && depth > 0;
    if (lines.length > 0 && block.length > 0 && !isTight) lines.push([]);
    lines.push(...block);
  }
  return lines;
}

function renderBlock(token: Token, page: Page, depth: number): readonly Line[] {
  if (depth > DEPTH) return sourceLines(token.raw, page);
  switch (token.type) {
    case 'heading':
      return paragraph(token.tokens ?? [], page, token['depth'] < 3 ? ['bold', 'underline'] : ['bold']);
    case 'paragraph':
    case 'text':
      return paragraph('tokens' in token && token.tokens ? token.tokens : [token], page, []);
    case 'code':
      return codeLines(token as Tokens.Code, page);
    case 'blockquote':
      return prefixed(renderBlocks(token.tokens ?? [], narrower(page, 2), depth + 1), () => ({
        text: '│ ',
        styles: ['dim'],
      }));
    case 'list':
      return listLines(token as Tokens.List, page, depth);
    case 'table':
      return renderTable(token as Tokens.Table, page.columns);
    case 'hr':
      return [[{ text: '─'.repeat(Math.min(page.columns, 40)), styles: ['dim'] }]];
    default:
      return sourceLines(token.raw, page);
  }
}

function paragraph(tokens: readonly Token[], { columns }: Page, styles: readonly Style[]): readonly Line[] {
  return splitLines(inlineSpans(tokens, styles)).flatMap((line) => wrap(line, columns));
}

function sourceLines(raw: string, { columns }: Page): readonly Line[] {
  return raw
    .replace(/\n+$/, '')
    .split('\n')
    .flatMap((text) => wrap([plainSpan(text)], columns));
}

/** Code keeps its own lines; the terminal breaks what is too long, so that a copy of it stays whole. */
export function codeLines({ text, lang }: Pick<Tokens.Code, 'text' | 'lang'>, { highlighter }: Page): readonly Line[] {
  return highlight(text, languageOf(lang), highlighter).map(indentedCode);
}

export const indentedCode = (line: Line): Line => [plainSpan('  '), ...line];

/** The first word behind the fence. */
export function languageOf(info: string | undefined): string | undefined {
  const name = info?.match(/^[\w+#.-]+/)?.[0]?.toLowerCase();
  return name === '' ? undefined : name;
}

function listLines({ items, ordered, start }: Tokens.List, page: Page, depth: number): readonly Line[] {
  const first = typeof start === 'number' ? start : 1;
  const wide = String(first + items.length - 1).length + 2;
  return items.flatMap((item, index) => {
    const mark = ordered ? `${first + index}. `.padStart(wide) : depth === 0 ? '• ' : '◦ ';
    const box = item.task ? `${mark}${item.checked ? '☑' : '☐'} ` : mark;
    const content = item.tokens.filter(({ type }) => type !== 'checkbox');
    const lines = renderBlocks(content, narrower(page, lineWidth([plainSpan(box)])), depth + 1);
    const shown = prefixed(lines.length === 0 ? [[]] : lines, (row) => ({
      text: row === 0 ? box : ' '.repeat(lineWidth([plainSpan(box)])),
      styles: row === 0 ? ['cyan'] : [],
    }));
    // By each item's own source, not by the list's: a list that is still growing must not move.
    const isLoose = index < items.length - 1 && /\n[ \t]*\n[ \t]*$/.test(item.raw);
    return isLoose ? [...shown, []] : shown;
  });
}

function narrower(page: Page, by: number): Page {
  return { ...page, columns: Math.max(10, page.columns - by) };
}

function prefixed(lines: readonly Line[], prefix: (row: number) => Span): readonly Line[] {
  return lines.map((line, row) => [prefix(row), ...line]);
}
