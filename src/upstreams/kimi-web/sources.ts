import type { UrlCitation } from '../../chat/web-search.ts';
import type { WebSource } from './web-event.ts';

/** The pages behind an answer, each once: those that it rests on, or those that were found if it names none. */
export class Sources {
  readonly #byUrl = new Map<string, WebSource>();

  add(source: WebSource): void {
    const known = this.#byUrl.get(source.url);
    if (known === undefined || (source.used && !known.used)) this.#byUrl.set(source.url, source);
  }

  list(): WebSource[] {
    const all = [...this.#byUrl.values()];
    const used = all.filter((source) => source.used);
    return used.length > 0 ? used : all;
  }

  /** A citation covers its mark, such as `[^1^]`; one without a mark stands at the end. */
  annotations(text: string): UrlCitation[] {
    return this.list().map(({ url, title, mark }) => {
      const sign = `[^${mark}^]`;
      const found = mark === '' ? -1 : text.indexOf(sign);
      const start = found === -1 ? text.length : found;
      const end = found === -1 ? text.length : found + sign.length;
      return { type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } };
    });
  }

  /** For readers without annotations. */
  text(): string {
    const lines = this.list().map(({ url, title, mark }, index) => `[${mark || index + 1}] ${title} ${url}`);
    return lines.length === 0 ? '' : `\n\n${lines.join('\n')}`;
  }
}
