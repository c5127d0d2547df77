import type { Tool } from './chat.ts';

/**
 * The hub's words for searching the web: OpenAI's `web_search_options` on a request, `annotations` on an answer, and
 * beside them what the tools of the other protocols can say.
 */
export interface WebSearchOptions {
  readonly search_context_size?: unknown;
  readonly user_location?: unknown;
  readonly filters?: unknown;
  readonly blocked_domains?: unknown;
  readonly max_uses?: unknown;
  /** It came as a tool that the model may use, not as a wish of its own: served without where nobody can search. */
  readonly offered?: boolean;
  readonly [member: string]: unknown;
}

/** A page that was found. */
export interface Source {
  readonly url: string;
  readonly title: string;
  /** As the search says it; undefined where it does not. */
  readonly date?: string | undefined;
  readonly snippet?: string | undefined;
}

/** A search that was made on the way to an answer, or a page that was read: `searched` in a delta or a message. */
export interface SearchStep {
  readonly id: string;
  readonly kind: 'search' | 'page';
  /** What was looked for, or the address of the page. */
  readonly query: string;
  /** Empty where the surface shows them to its model alone. */
  readonly sources: readonly Source[];
  readonly failed: boolean;
}

/** OpenAI's shape. The indices are of the whole text of the answer, the end exclusive. */
export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    readonly start_index: number;
    readonly end_index: number;
  };
}

/**
 * `web_search`, `web_search_preview` (OpenAI), `web_search_2025_08_26`, `web_search_preview_2025_03_11`,
 * `web_search_20250305` and later (Anthropic).
 */
const SEARCH_TYPE = /^web_search(?:_preview)?(?:_\d[\d_]*)?$/;

export function isSearchType(type: unknown): boolean {
  return typeof type === 'string' && SEARCH_TYPE.test(type);
}

/** Also `$web_search`, the platform's earlier built-in function, which LobeChat still sends. */
export function isSearchTool(tool: Tool | null | undefined): boolean {
  return isSearchType(tool?.type) || tool?.function?.name === '$web_search';
}

/** A search tool of OpenAI's or Anthropic's as the options of the hub. */
export function optionsOfTool(tool: Readonly<Record<string, unknown>>): WebSearchOptions {
  const { search_context_size, user_location, filters, allowed_domains, blocked_domains, max_uses } = tool;
  const domains = filters ?? (allowed_domains === undefined ? undefined : { allowed_domains });
  const said = { search_context_size, user_location, filters: domains, blocked_domains, max_uses };
  const given = Object.entries(said).filter(([, value]) => value !== undefined && value !== null);
  return { ...Object.fromEntries(given), offered: true };
}
