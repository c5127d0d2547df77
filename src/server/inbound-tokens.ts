import type { Inbound } from './exchange.ts';

/** Where OpenAI's, Anthropic's and Azure's clients put a key besides `authorization`. */
const KEY_HEADERS = ['x-api-key', 'api-key'];
const KEY_PARAMETERS = ['key', 'api_key'];

/**
 * What a client shows to be let in, in the order in which it is tried: Claude Code may send a bearer token and a key of
 * which one is left from another place. Nothing behind the guard knows which of them it was.
 */
export function tokensOf(inbound: Inbound, inQuery: boolean): readonly string[] {
  const bearer = /^bearer\s+(\S+)$/i.exec(inbound.header('authorization')?.trim() ?? '')?.[1];
  const tokens = [bearer, ...KEY_HEADERS.map((name) => inbound.header(name)?.trim())];
  if (inQuery && inbound.method === 'GET' && inbound.query !== '') {
    const query = new URLSearchParams(inbound.query);
    tokens.push(...KEY_PARAMETERS.map((name) => query.get(name)?.trim()));
  }
  return tokens.filter((token): token is string => token !== undefined && token !== '');
}
