import type { Protocol } from '../protocols/protocol.ts';
import type { Inbound, Reply } from './exchange.ts';
import type { RouteContext } from './route.ts';

/** What the `{names}` of a path stand for, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

export type Handler = (inbound: Inbound, context: RouteContext, parameters: PathParameters) => Promise<Reply>;

export interface Route {
  /** `/v1/files/{id}`; a last `{name...}` takes the rest of the path, slashes included. */
  readonly path: string;
  /** `HEAD` is answered as `GET`. */
  readonly methods: Readonly<Record<string, Handler>>;
  /** Open to everybody who reaches the port: says nothing of the owner's affairs. */
  readonly open?: boolean;
  /** For the owner only: needs the admin key, or a call from this machine where nobody else can call. */
  readonly admin?: boolean;
  /** Calls of a model: under which name of the protocol the ledger keeps them. */
  readonly ledger?: string;
  /** In whose shape errors are told; default OpenAI's. */
  readonly protocol?: Protocol;
}

export interface Found {
  readonly route: Route;
  readonly parameters: PathParameters;
}

const NO_PARAMETERS: PathParameters = {};

/** Finds the route of a path: plain paths by one look-up, the others in the order of the list. */
export class Router {
  readonly #plain = new Map<string, Found>();
  readonly #patterns: { readonly route: Route; readonly segments: readonly string[] }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path.includes('{')) this.#patterns.push({ route, segments: route.path.split('/') });
      else this.#plain.set(route.path, { route, parameters: NO_PARAMETERS });
    }
  }

  find(path: string): Found | undefined {
    const plain = this.#plain.get(path);
    if (plain) return plain;
    const segments = path.split('/');
    for (const { route, segments: pattern } of this.#patterns) {
      const parameters = match(pattern, segments);
      if (parameters) return { route, parameters };
    }
    return undefined;
  }

  /** The plain paths, for advice on misspelt ones. */
  paths(): Iterable<string> {
    return this.#plain.keys();
  }
}

function match(pattern: readonly string[], segments: readonly string[]): PathParameters | undefined {
  const rest = pattern.at(-1)?.endsWith('...}') === true;
  if (rest ? segments.length < pattern.length : segments.length !== pattern.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const isRest = rest && at === pattern.length - 1;
    const segment = isRest ? segments.slice(at).join('/') : (segments[at] ?? '');
    if (!expected.startsWith('{')) {
      if (segment !== expected) return undefined;
    } else if (segment === '') return undefined;
    else parameters[expected.slice(1, isRest ? -4 : -1)] = decoded(segment);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
