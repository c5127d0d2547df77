import type { Token, Tokens } from 'marked';
import type { Span, Style } from './span.ts';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
};

/** The tokens of a paragraph as pieces of text; a line break is a piece of its own. */
export function inlineSpans(tokens: readonly Token[], styles: readonly Style[] = []): readonly Span[] {
  return tokens.flatMap((token) => spansOf(token, styles));
}

function spansOf(token: Token, styles: readonly Style[]): readonly Span[] {
  switch (token.type) {
    case 'strong':
      return inlineSpans(token.tokens ?? [], [...styles, 'bold']);
    case 'em':
      return inlineSpans(token.tokens ?? [], [...styles, 'italic']);
    case 'del':
      return inlineSpans(token.tokens ?? [], [...styles, 'strikethrough']);
    case 'codespan':
      return [{ text: (token as Tokens.Codespan).text, styles: [...styles, 'cyan'] }];
    case 'br':
      return [{ text: '\n', styles }];
    case 'link':
      return linkSpans(token as Tokens.Link, styles);
    case 'image':
      return [
        {
          text: `[${(token as Tokens.Image).text || 'image'}: ${(token as Tokens.Image).href}]`,
          styles: [...styles, 'dim'],
        },
      ];
    case 'escape':
      // \( and \[ begin formulas: a reader of the source knows them better than a bare bracket.
      return [{ text: /^\\[()[\]]$/.test(token.raw) ? token.raw : (token as Tokens.Escape).text, styles }];
    case 'text':
      if ('tokens' in token && token.tokens) return inlineSpans(token.tokens, styles);
      return [{ text: decoded((token as Tokens.Text).text), styles }];
    default:
      return [{ text: token.raw, styles }];
  }
}

/** The address is told where the text is not the address itself. */
function linkSpans({ href, text, tokens }: Tokens.Link, styles: readonly Style[]): readonly Span[] {
  const shown = inlineSpans(tokens, [...styles, 'underline']);
  if (href === text || href === `mailto:${text}` || href === `http://${text}`) return shown;
  return [...shown, { text: ` (${href})`, styles: [...styles, 'dim'] }];
}

function decoded(text: string): string {
  return text.includes('&')
    ? text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (all, name: string) => NAMED[name] ?? all)
    : text;
}

/** Splits at line breaks. */
export function splitLines(spans: readonly Span[]): readonly (readonly Span[])[] {
  const lines: Span[][] = [[]];
  for (const { text, styles } of spans) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, styles });
    }
  }
  return lines;
}
