import type { Account } from '../accounts/account.ts';
import type { Exchange } from '../exchange.ts';
import { isObject, parseJson } from '../json.ts';
import { invalid, Refusal } from '../refusal.ts';

/** The endpoints beside inference (MoonshotAI/kimi-code managed-userinfo.ts, search and fetch tools; Kimi Code error reference). */
export function sendMe(exchange: Exchange, account: Account): void {
  const region = account.host === 'code' ? 'cn' : 'global';
  exchange.sendJson(200, {
    ...{ user_id: account.id, nickname: 'simulator', status: 'active', region },
    ...{ user_level: 2, user_level_name: 'Intermediate' },
  });
}

export function sendSearch(exchange: Exchange): void {
  const query = memberOf(exchange, 'text_query');
  const result = (n: number): Record<string, unknown> => ({
    site_name: 'Example',
    title: `Result ${n} for ${query}`,
    url: `https://example.com/${n}`,
    snippet: `What page ${n} says about ${query}.`,
    content: '',
    date: '2026-11-01',
    icon: '',
    mime: 'text/html',
  });
  exchange.sendJson(200, { search_results: [1, 2, 3].map(result) });
}

export function sendPage(exchange: Exchange): void {
  const url = memberOf(exchange, 'url');
  if (!URL.canParse(url)) throw new Refusal({ status: 400, type: 'invalid_url', message: `invalid url: ${url}` });
  const { hostname } = new URL(url);
  if (/^(localhost|127\.|10\.|192\.168\.)/.test(hostname)) {
    throw new Refusal({ status: 403, type: 'security_risk', message: 'the url is not allowed' });
  }
  exchange.begin(200, { 'content-type': 'text/markdown; charset=utf-8' });
  exchange.response.end(`# ${hostname}\n\nThe page at ${url}, as the simulator imagines it.\n`);
}

function memberOf(exchange: Exchange, name: string): string {
  const parsed = parseJson(exchange.raw.toString('utf8'));
  const value = parsed.ok && isObject(parsed.value) ? parsed.value[name] : undefined;
  if (typeof value !== 'string' || value === '') throw invalid(`Invalid request: ${name} is required`);
  return value;
}
