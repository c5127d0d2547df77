import type { FunctionDefinition } from '../chat/chat.ts';
import type { Source } from '../chat/web-search.ts';
import type { Place } from './adapter.ts';

/** How a surface that does not search by itself is searched with: functions that its model may call and we run. */
export interface SearchFace {
  /** What it is called in notes. */
  readonly name: string;
  /** What is found is for the model alone, so that nothing of it can be chosen. */
  readonly hidesResults?: boolean;
  declare(place: SearchPlace): Promise<readonly SearchFunction[]>;
  run(call: SearchRun): Promise<Finding>;
}

export interface SearchPlace extends Place {
  /** The User-Agent of whoever called us, for surfaces that let known agents in. */
  readonly callerAgent?: string | undefined;
}

export interface SearchFunction {
  readonly kind: 'search' | 'page';
  /** With the name that `run` is called by. */
  readonly definition: FunctionDefinition & { readonly name: string };
}

export interface SearchRun extends SearchPlace {
  readonly function: SearchFunction;
  /** As the model wrote them. */
  readonly arguments: string;
  readonly callId: string;
  readonly limits: SearchLimits;
}

export interface SearchLimits {
  /** The most pages of one search. */
  readonly results: number;
  readonly timeoutMs: number;
  /** Hosts that alone may be shown, and those that may not, with all below them. */
  readonly allowedDomains: readonly string[];
  readonly blockedDomains: readonly string[];
}

export interface Finding {
  /** What the model is told. */
  readonly text: string;
  /** Empty where the surface tells nobody but its model. */
  readonly sources: readonly Source[];
}

/** What the model looked for, or the address that it wants to read. */
export function subjectOf(call: { readonly function: SearchFunction; readonly arguments: string }): string {
  const said = argumentsOf(call.arguments);
  const wanted = call.function.kind === 'page' ? said['url'] : said['query'];
  return typeof wanted === 'string' ? wanted : '';
}

export function argumentsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Whether a page may be shown to the model. */
export function isAllowed(url: string, { allowedDomains, blockedDomains }: SearchLimits): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  const isIn = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  return !blockedDomains.some(isIn) && (allowedDomains.length === 0 || allowedDomains.some(isIn));
}
