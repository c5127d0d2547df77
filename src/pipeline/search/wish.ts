import type { Tool } from '../../chat/chat.ts';
import type { ChatDocument } from '../../chat/chat-document.ts';
import { isSearchTool, isSearchType, optionsOfTool, type WebSearchOptions } from '../../chat/web-search.ts';
import type { Resolution } from '../../models/resolve.ts';
import type { Caller } from '../attempts.ts';
import type { ChatCall } from '../call.ts';
import { readRequest } from '../prepare.ts';
import type { SearchSettings } from './settings.ts';

/** That an answer is to rest on a search. */
export interface SearchWish {
  readonly options: WebSearchOptions;
  /** Better refused than answered without. */
  readonly demanded: boolean;
  /** `tool_choice` names the search. */
  readonly forced: boolean;
}

export interface SearchingCall {
  /** In the inside's shape. */
  readonly call: ChatCall & Caller;
  readonly wish: SearchWish;
}

/**
 * The call, if it asks for a search: what the request says comes before the suffix of the model's name, and that before
 * the configuration. Of a plain request two members are looked for, and a few bytes in its tools if it has any.
 */
export function searchingCall(
  call: ChatCall & Caller,
  resolution: Resolution,
  settings: SearchSettings,
): SearchingCall | undefined {
  const { document } = call.asked;
  if (call.inside === undefined) {
    const wish = wishIn(document, resolution, settings);
    return wish && { call, wish };
  }
  const byName = wishByName(resolution, settings);
  // Where nobody searches, Anthropic's tool is left out by the dialect, and the request may pass untranslated.
  if (!settings.enabled || (byName === undefined && !mayOffer(document))) return undefined;
  const { body, notes } = call.inside();
  const asked = readRequest(body);
  const wish = readWish(asked.document) ?? byName;
  return wish === undefined || wish === 'none'
    ? undefined
    : { call: { ...call, body, asked, inside: undefined, notes: [...(call.notes ?? []), ...notes] }, wish };
}

/** What a request in the inside's shape wishes. */
export function wishIn(
  document: ChatDocument,
  resolution: Resolution,
  settings: SearchSettings,
): SearchWish | undefined {
  const mayAsk = document.has('web_search_options') || document.has('use_search') || mayOffer(document);
  const wish = (mayAsk ? readWish(document) : undefined) ?? wishByName(resolution, settings);
  return wish === 'none' ? undefined : wish;
}

function mayOffer(document: ChatDocument): boolean {
  return document.has('tools') && mentionsSearch(document);
}

function wishByName(resolution: Resolution, { models }: SearchSettings): SearchWish | undefined {
  const { search, asked, model } = resolution;
  if (search === true) return { options: {}, demanded: true, forced: false };
  const isUsual = search === undefined && models.size > 0 && (models.has(asked) || models.has(model));
  return isUsual ? { options: { offered: true }, demanded: false, forced: false } : undefined;
}

function readWish(document: ChatDocument): SearchWish | 'none' | undefined {
  // LLM-Red-Team/kimi-free-api has this member.
  const flag = document.get('use_search');
  if (flag === false) return 'none';
  const options = optionsIn(document, flag === true);
  if (options === undefined) return undefined;
  const forced = namesSearch(document.get('tool_choice'), toolsOf(document));
  return { options, demanded: forced || options.offered !== true, forced };
}

function optionsIn(document: ChatDocument, isWanted: boolean): WebSearchOptions | undefined {
  const options = document.get('web_search_options');
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return { ...options };
  if (isWanted) return {};
  const tool = toolsOf(document).find(isSearchTool);
  return tool && optionsOfTool(tool);
}

export function toolsOf(document: ChatDocument): readonly Tool[] {
  const tools = document.has('tools') ? document.get('tools') : undefined;
  return Array.isArray(tools) ? tools : [];
}

/** Whether a choice means the search, by its type or by a name that is no function of the client's. */
function namesSearch(choice: unknown, tools: readonly Tool[]): boolean {
  const { type, function: target } = (choice ?? {}) as {
    readonly type?: unknown;
    readonly function?: { name?: unknown };
  };
  if (isSearchType(type)) return true;
  const name = target?.name;
  const isClients = tools.some((tool) => !isSearchTool(tool) && tool.function?.name === name);
  return (name === 'web_search' || name === '$web_search') && !isClients;
}

const NAME = Buffer.from('web_search');
const DECLARED = /"type"\s*:\s*"web_search|\$web_search/;

/** Agents repeat their tools with every request; the same bytes are looked at once. */
const ANSWERS = new WeakMap<object, boolean>();

function mentionsSearch(document: ChatDocument): boolean {
  const identity = document.identity('tools');
  const known = identity && ANSWERS.get(identity);
  if (known !== undefined) return known;
  const bytes = document.raw('tools');
  const mentions = bytes === undefined || (bytes.includes(NAME) && DECLARED.test(bytes.toString('latin1')));
  if (identity) ANSWERS.set(identity, mentions);
  return mentions;
}
