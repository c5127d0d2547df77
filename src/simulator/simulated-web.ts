/** A page of the web that the simulator knows, in the words of Kimi Code's search. */
export interface WebPage {
  readonly url: string;
  readonly title: string;
  readonly site_name?: string;
  readonly snippet?: string;
  readonly content?: string;
  readonly date?: string;
}

const SITE = 'Example';

/** What searches find. A test may put its own pages there while the simulator runs. */
export class SimulatedWeb {
  /** By what was looked for. */
  find: (query: string) => readonly WebPage[] = usualPages;
  /** The platform tells the addresses of its results beside the encrypted output; seen by one, missed by another (2026-08). */
  showsReferences = false;

  reset(): void {
    this.find = usualPages;
    this.showsReferences = false;
  }

  /** One of a test's own pages; the usual ones are imagined when they are read. */
  page(url: string): WebPage | undefined {
    if (this.find === usualPages) return undefined;
    return this.find('').find((page) => page.url === url);
  }
}

function usualPages(query: string): readonly WebPage[] {
  return [1, 2, 3].map((n) => ({
    url: `https://example.com/${n}`,
    title: `Result ${n} for ${query}`,
    site_name: SITE,
    snippet: `What page ${n} says about ${query}.`,
    date: '2026-11-01',
  }));
}
