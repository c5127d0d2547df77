import type { Source, UrlCitation } from '../../chat/web-search.ts';

/** A Markdown link, or a bare address. */
const LINK =
  /\[([^[\]\n]{1,300})\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)|https?:\/\/[^\s<>()[\]"'`，。；：、（）【】]+/g;
const BEHIND = /[.,;:!?*_]+$/;

/** Text that is looked through for links at once; of a longer one the rest has none. Characters. */
const MOST_TEXT = 4_000_000;

/** The pages behind an answer, and where its text names them. */
export class Citations {
  readonly #sources = new Map<string, Source>();
  /** A surface that shows its results to nobody: what the answer links to is a source. */
  readonly #isOpen: boolean;
  #text = '';
  #base = 0;
  #length = 0;
  #cited = 0;

  constructor(isOpen: boolean) {
    this.#isOpen = isOpen;
  }

  add(source: Source): void {
    const key = keyOf(source.url);
    if (!this.#sources.has(key)) this.#sources.set(key, source);
  }

  say(text: string): void {
    this.#length += text.length;
    if (this.#text.length < MOST_TEXT) this.#text += text;
  }

  /** Those in the text since it was asked last. */
  take(): UrlCitation[] {
    const found = [...this.#text.matchAll(LINK)].flatMap((match) => this.#citation(match) ?? []);
    this.#cited += found.length;
    this.#base = this.#length;
    this.#text = '';
    return found;
  }

  /** At the end: where no page is named, those that were found stand behind the text. */
  rest(): UrlCitation[] {
    const found = this.take();
    if (this.#cited > 0) return found;
    const at = { start_index: this.#length, end_index: this.#length };
    return [...this.#sources.values()].map(({ url, title }) => toCitation({ url, title, ...at }));
  }

  #citation(match: RegExpExecArray): UrlCitation | undefined {
    const [whole, label, linked] = match;
    const text = linked === undefined ? whole.replace(BEHIND, '') : whole;
    const url = linked ?? text;
    const known = this.#sources.get(keyOf(url));
    const host = URL.parse(url)?.host;
    if (host === undefined || (known === undefined && !this.#isOpen)) return undefined;
    const start = this.#base + match.index;
    const title = known?.title ?? label ?? host;
    return toCitation({ url, title, start_index: start, end_index: start + text.length });
  }
}

function toCitation(url_citation: UrlCitation['url_citation']): UrlCitation {
  return { type: 'url_citation', url_citation };
}

/** Models leave out a slash at the end, and what stands behind `#`. */
const keyOf = (url: string) => url.replace(/#.*$/, '').replace(/\/$/, '');
