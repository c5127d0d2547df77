import type { Source } from '../../chat/web-search.ts';
import { GatewayError } from '../../errors.ts';
import { callSearch, readObject } from '../search-call.ts';
import {
  type Finding,
  isAllowed,
  type SearchFace,
  type SearchFunction,
  type SearchPlace,
  type SearchRun,
  subjectOf,
} from '../search-face.ts';
import { messagesAgent } from './choose-face.ts';
import { versioned } from './versioned.ts';

/** What the model is shown of one page of a search, and of a page that it reads; characters. */
const EXCERPT = 2_000;
const PAGE = 40_000;

const text = (description: string) => ({ type: 'string', description });

const SEARCH: SearchFunction = {
  kind: 'search',
  definition: {
    name: 'web_search',
    description:
      'Searches the web for what is newer than your knowledge or must be exact. Cite the pages that you rest on as Markdown links: [title](url).',
    parameters: { type: 'object', properties: { query: text('What to look for.') }, required: ['query'] },
  },
};

const FETCH: SearchFunction = {
  kind: 'page',
  definition: {
    name: 'web_fetch',
    description: 'Reads a web page, for example one that web_search has found, and returns its text as Markdown.',
    parameters: { type: 'object', properties: { url: text('The whole address.') }, required: ['url'] },
  },
};

/** The subscription's own endpoints for searching and reading (MoonshotAI/kimi-code, MoonshotAI/kimi-cli). */
export const codeSearch: SearchFace = {
  name: 'the search of Kimi Code',
  declare: async () => [SEARCH, FETCH],
  run: (call) => (call.function.kind === 'page' ? read(call) : search(call)),
};

function placeOf(call: SearchRun): SearchPlace {
  const surface = versioned(call.surface);
  const headers = { 'user-agent': messagesAgent(call.callerAgent), ...surface.headers };
  return { ...call, surface: { ...surface, headers } };
}

async function search(call: SearchRun): Promise<Finding> {
  const bytes = await callSearch({
    place: placeOf(call),
    method: 'POST',
    path: '/search',
    // The official client of 2026-08 sends nothing else.
    body: { text_query: wanted(call, 'query') },
    headers: { 'x-msh-tool-call-id': headerText(call.callId) },
    timeoutMs: call.limits.timeoutMs,
  });
  const found = readObject(bytes, call.surface.id, 'The answer of the search')['search_results'];
  if (!Array.isArray(found)) {
    throw new GatewayError('upstream_garbled', { surface: call.surface.id, message: 'The search has no results.' });
  }
  const pages = found.filter(isPage).filter(({ url }) => isAllowed(url, call.limits));
  const shown = pages.slice(0, call.limits.results);
  const entries = shown.map((page, index) => entryOf(page, index + 1));
  return { text: entries.join('\n\n') || 'Nothing was found.', sources: shown.map(toSource) };
}

async function read(call: SearchRun): Promise<Finding> {
  const url = wanted(call, 'url');
  if (!isAllowed(url, call.limits)) {
    throw new GatewayError('invalid_request', { message: 'This page is not one of the allowed domains.' });
  }
  const bytes = await callSearch({
    place: placeOf(call),
    method: 'POST',
    path: '/fetch',
    body: { url },
    headers: { accept: 'text/markdown', 'x-msh-tool-call-id': headerText(call.callId) },
    timeoutMs: call.limits.timeoutMs,
  });
  const page = bytes.toString('utf8');
  const shown = page.length > PAGE ? `${page.slice(0, PAGE).toWellFormed()}\n\n(cut: the page is longer)` : page;
  const title = /^#\s+(.+)$/m.exec(page)?.[1]?.slice(0, 200) ?? url;
  return { text: shown.trim() || 'The page is empty.', sources: [{ url, title }] };
}

function wanted(call: SearchRun, member: string): string {
  const subject = subjectOf(call);
  if (subject !== '') return subject;
  throw new GatewayError('invalid_request', { message: `The call has no \`${member}\`.` });
}

interface Page {
  readonly url: string;
  readonly title?: unknown;
  readonly site_name?: unknown;
  readonly snippet?: unknown;
  readonly content?: unknown;
  readonly date?: unknown;
}

function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && 'url' in value && URL.canParse(String(value.url));
}

function entryOf(page: Page, number: number): string {
  const { title, snippet, date } = toSource(page);
  const content = textOf(page.content);
  const lines = [`[${number}] ${title}`, `URL: ${page.url}`, date && `Date: ${date}`, snippet, content];
  return lines
    .filter((line) => line !== undefined && line !== '')
    .join('\n')
    .slice(0, EXCERPT)
    .toWellFormed();
}

function toSource(page: Page): Source {
  const title = textOf(page.title) ?? textOf(page.site_name) ?? page.url;
  return { url: page.url, title, date: textOf(page.date), snippet: textOf(page.snippet) };
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Ids of calls come from the model. */
const headerText = (id: string) => id.replace(/[^\x21-\x7e]/g, '_').slice(0, 100);
