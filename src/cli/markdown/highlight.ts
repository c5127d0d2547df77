import type { HLJSApi } from 'highlight.js';
import { type Line, plainSpan, type Span, type Style } from './span.ts';

/** What kinds of words look like, by the class that highlight.js gives them. */
const LOOKS: Readonly<Record<string, readonly Style[]>> = {
  keyword: ['magenta'],
  built_in: ['cyan'],
  type: ['cyan'],
  literal: ['blue'],
  number: ['blue'],
  string: ['green'],
  regexp: ['green'],
  char: ['green'],
  subst: [],
  symbol: ['blue'],
  comment: ['dim'],
  quote: ['dim'],
  doctag: ['dim'],
  meta: ['dim'],
  title: ['yellow'],
  class: ['yellow'],
  function: ['yellow'],
  name: ['magenta'],
  tag: ['magenta'],
  attr: ['cyan'],
  attribute: ['cyan'],
  variable: ['red'],
  property: ['cyan'],
  section: ['bold'],
  addition: ['green'],
  deletion: ['red'],
  'selector-tag': ['magenta'],
  'selector-class': ['yellow'],
  'selector-id': ['yellow'],
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
/** The marks that highlight.js writes: a class, its end, an entity. */
const MARKS = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);/g;
/** Colours cost time by length, and nobody reads that much of it while it streams. */
const LIMIT = 64 * 1024;

/** Code as lines of coloured pieces; plain where the language is not known. */
export function highlight(code: string, language: string | undefined, api: HLJSApi): readonly Line[] {
  const isKnown = language !== undefined && api.getLanguage(language) !== undefined && code.length <= LIMIT;
  if (!isKnown) return code.split('\n').map((text) => [plainSpan(text)]);
  return fromHtml(api.highlight(code, { language, ignoreIllegals: true }).value);
}

function fromHtml(html: string): readonly Line[] {
  const lines: Span[][] = [[]];
  const open: (readonly Style[])[] = [];
  const add = (text: string) => {
    const styles = open.at(-1) ?? [];
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, styles });
    }
  };
  let from = 0;
  for (const mark of html.matchAll(MARKS)) {
    add(html.slice(from, mark.index));
    from = mark.index + mark[0].length;
    const [all, names, entity] = mark;
    if (entity !== undefined) add(ENTITIES[entity] ?? all);
    else if (names === undefined) open.pop();
    else open.push(looksOf(names) ?? open.at(-1) ?? []);
  }
  add(html.slice(from));
  return lines;
}

/** `hljs-title function_`: the part with the prefix is the kind. */
function looksOf(names: string): readonly Style[] | undefined {
  const kind = /hljs-([\w-]+)/.exec(names)?.[1];
  return kind === undefined ? undefined : LOOKS[kind];
}
