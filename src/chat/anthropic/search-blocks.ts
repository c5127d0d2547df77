import type { JsonObject } from '../json-object.ts';
import type { SearchStep, Source, UrlCitation } from '../web-search.ts';
import type { Block } from './messages.ts';

/** Who made the call: the server, on the model's own behalf (@anthropic-ai/sdk 1.12). */
const CALLER = { type: 'direct' };

/** Anthropic quotes up to 150 characters of the page. */
const QUOTE = 150;

/** A search as Anthropic's server would have called it, with its input apart, which a stream sends behind it. */
export function toSearchUse({ id, query }: SearchStep): { readonly block: Block; readonly input: JsonObject } {
  return {
    block: { type: 'server_tool_use', id: `srvtoolu_${id}`, name: 'web_search', caller: CALLER },
    input: { query },
  };
}

/** What it found. The contents, which Anthropic encrypts, stay with the gateway and its surface. */
export function toSearchResult({ id, sources, failed }: SearchStep): Block {
  const results = sources.map(({ url, title, date }) => ({
    type: 'web_search_result',
    url,
    title,
    encrypted_content: '',
    page_age: date ?? null,
  }));
  const content = failed ? { type: 'web_search_tool_result_error', error_code: 'unavailable' } : results;
  return { type: 'web_search_tool_result', tool_use_id: `srvtoolu_${id}`, caller: CALLER, content };
}

/** Anthropic has no words for a page that was read beside a search. */
export const isSearch = ({ kind }: SearchStep): boolean => kind === 'search';

/** What is known of a page stands in the searches before; Anthropic's own index of its text does not exist. */
export function toCitation({ url_citation: { url, title } }: UrlCitation, sources: readonly Source[]): JsonObject {
  const snippet = sources.find((source) => source.url === url)?.snippet ?? title;
  return {
    type: 'web_search_result_location',
    url,
    title,
    cited_text: snippet.slice(0, QUOTE).toWellFormed(),
    encrypted_index: '',
  };
}
