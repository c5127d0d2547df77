import type { ChatMessage, Tool } from '../../chat/chat.ts';
import type { ChatDocument } from '../../chat/chat-document.ts';
import { isSearchTool } from '../../chat/web-search.ts';
import { GatewayError } from '../../errors.ts';
import type { SearchFace, SearchFunction, SearchLimits, SearchPlace } from '../../upstreams/search-face.ts';
import type { Surface } from '../../upstreams/surface.ts';
import type { SearchSettings } from './settings.ts';
import { type SearchWish, toolsOf } from './wish.ts';

/** How the surface of an attempt is searched with. */
type Way =
  | { readonly kind: 'tools'; readonly face: SearchFace; readonly functions: ReadonlyMap<string, SearchFunction> }
  | { readonly kind: 'itself' }
  | { readonly kind: 'none' };

const NONE: Way = { kind: 'none' };
const ITSELF: Way = { kind: 'itself' };
const ABOUT_FUNCTIONS = /\b(tools?|functions?)\b/i;

/** What becomes of a request that asks for a search, in each of its attempts and rounds. */
export class SearchPlan {
  readonly limits: SearchLimits;
  /** Searches and pages for the whole answer. */
  readonly calls: number;
  /** What the rounds so far have added behind the client's messages. */
  readonly found: ChatMessage[] = [];
  /** How often the model was asked again. */
  round = 0;
  readonly #wish: SearchWish;
  readonly #settings: SearchSettings;
  readonly #notes = new Set<string>();
  #way: Way = NONE;
  /** A surface has refused the functions. */
  #isGivenUp = false;

  constructor(wish: SearchWish, settings: SearchSettings) {
    const { results, timeoutMs, calls } = settings;
    const { filters, blocked_domains, search_context_size: size, max_uses: most } = wish.options;
    this.#wish = wish;
    this.#settings = settings;
    this.calls = typeof most === 'number' && most > 0 ? Math.min(most, calls) : calls;
    this.limits = {
      results: size === 'low' ? Math.ceil(results / 2) : size === 'high' ? results * 2 : results,
      timeoutMs,
      allowedDomains: textsIn((filters as { readonly allowed_domains?: unknown } | undefined)?.allowed_domains),
      blockedDomains: textsIn(blocked_domains),
    };
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** The functions that are ours, by the name under which the model calls them; and who runs them. */
  get tools(): Extract<Way, { kind: 'tools' }> | undefined {
    return this.#way.kind === 'tools' ? this.#way : undefined;
  }

  /** Finds out how the surface of an attempt is searched with. A search that cannot be had ends nothing. */
  async choose(place: SearchPlace, document: ChatDocument): Promise<void> {
    const { search } = place.surface.adapter;
    this.#way = NONE;
    if (search === undefined) this.#note(`the surface ${place.surface.id} cannot search the web: answered without`);
    else if (search === 'itself') this.#way = ITSELF;
    else if (this.#isGivenUp) return;
    else if (!this.#settings.enabled) this.#note('web search is turned off (search.enabled)');
    else if (isBegun(document)) this.#note('an answer that is only continued is not searched for');
    else this.#way = await this.#declared(search, place, document);
  }

  /**
   * Whether the request is sent again without the functions: which models take none is in no list, so the refusal has to
   * tell. If the client has functions of its own, it is told all the same.
   */
  givesUp({ code, message }: GatewayError): boolean {
    if (this.tools === undefined || code !== 'upstream_refused' || !ABOUT_FUNCTIONS.test(message)) return false;
    this.#isGivenUp = true;
    this.#notes.clear();
    this.#note(`web search cannot be had (${code}: ${message.slice(0, 120)}): answered without`);
    return true;
  }

  /** What `choose` would find, without asking the surface; the functions are known when a request is served. */
  expect({ id, adapter: { search } }: Surface): void {
    this.#way = search === 'itself' ? ITSELF : NONE;
    if (search === 'itself') this.#note(`${id} searches the web by itself`);
    else if (search === undefined) this.#note(`the surface ${id} cannot search the web`);
    else if (!this.#settings.enabled) this.#note('web search is turned off (search.enabled)');
    else this.#note(`web search by ${search.name}: its functions are added when the request is served`);
  }

  /** Puts the search into a request, and what was found so far. */
  apply(document: ChatDocument): void {
    if (this.#way.kind === 'itself') {
      this.#ask(document);
      return;
    }
    for (const member of ['web_search_options', 'use_search']) if (document.has(member)) document.delete(member);
    const clients = toolsOf(document).filter((tool) => !isSearchTool(tool));
    const own = this.#own(clients.length > 0);
    if (clients.length + own.length > 0) document.set('tools', [...clients, ...own.map(toTool)]);
    else if (document.has('tools')) document.delete('tools');
    this.#choose(document, own, clients.length > 0);
    const messages = document.get('messages');
    if (this.found.length > 0 && Array.isArray(messages)) document.set('messages', [...messages, ...this.found]);
  }

  /** Only in OpenAI's words: what the other protocols say beside them is ours alone. */
  #ask(document: ChatDocument): void {
    const { search_context_size: size, user_location: place } = this.#wish.options;
    const options = { search_context_size: size, user_location: place };
    document.set(
      'web_search_options',
      Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    );
    const tools = toolsOf(document);
    const others = tools.filter((tool) => !isSearchTool(tool));
    if (others.length === 0) document.delete('tools');
    else if (others.length < tools.length) document.set('tools', others);
    if (this.#wish.forced) document.delete('tool_choice');
  }

  /** In the last round nothing more is looked for. */
  get isLast(): boolean {
    return this.round >= this.#settings.rounds;
  }

  async #declared(face: SearchFace, place: SearchPlace, document: ChatDocument): Promise<Way> {
    try {
      const taken = new Set(toolsOf(document).map((tool) => tool?.function?.name));
      const functions = new Map<string, SearchFunction>();
      for (const one of await face.declare(place)) {
        let { name } = one.definition;
        while (taken.has(name)) name = `moongate_${name}`;
        functions.set(name, one);
      }
      this.#note(`web search by ${face.name}, at most ${this.#settings.rounds} rounds`);
      this.#noteLimits(face);
      return { kind: 'tools', face, functions };
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.code === 'client_closed') throw error;
      this.#note(`web search cannot be had (${error.code}: ${error.message.slice(0, 120)}): answered without`);
      return NONE;
    }
  }

  #noteLimits({ hidesResults }: SearchFace): void {
    const { allowedDomains, blockedDomains } = this.limits;
    if (hidesResults === true && allowedDomains.length + blockedDomains.length > 0) {
      this.#note('domains cannot be chosen: the results are for the model alone');
    }
    if (this.#wish.options.user_location !== undefined) this.#note('user_location has no counterpart');
  }

  /** The client's tools make the last round differ: its own are still to be called, ours are not. */
  #own(hasClients: boolean): readonly (readonly [string, SearchFunction])[] {
    if (this.#way.kind !== 'tools' || (hasClients && this.isLast)) return [];
    return [...this.#way.functions];
  }

  #choose(document: ChatDocument, own: readonly (readonly [string, SearchFunction])[], hasClients: boolean): void {
    const [search] = own.filter(([, { kind }]) => kind === 'search');
    // The same tools in every round keep the cached prefix.
    if (own.length > 0 && this.isLast) document.set('tool_choice', 'none');
    else if (this.#wish.forced && search && this.round === 0) {
      document.set('tool_choice', { type: 'function', function: { name: search[0] } });
    } else if (this.#wish.forced || (!hasClients && this.round > 0) || (!hasClients && own.length === 0)) {
      document.delete('tool_choice');
    }
  }

  #note(what: string): void {
    this.#notes.add(what);
  }
}

const toTool = ([name, { definition }]: readonly [string, SearchFunction]): Tool => ({
  type: 'function',
  function: { ...definition, name },
});

/** Partial mode: what is said already is to be gone on with, and no message may come behind it. */
function isBegun(document: ChatDocument): boolean {
  const messages = document.get('messages');
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  return typeof last === 'object' && last !== null && 'partial' in last && last.partial === true;
}

function textsIn(list: unknown): readonly string[] {
  const texts = Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
  // Anthropic's may have a path, of which the host is what can be compared.
  return texts.map((text) =>
    text
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '')
      .toLowerCase(),
  );
}
