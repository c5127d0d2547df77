import type { Account } from '../accounts/account.ts';
import type { Exchange } from '../exchange.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import { invalid, Refusal } from '../refusal.ts';
import type { SimulatedWeb, WebPage } from '../simulated-web.ts';

/** The endpoints beside inference (MoonshotAI/kimi-code managed-userinfo.ts, search and fetch tools; Kimi Code error reference). */
export function sendMe(exchange: Exchange, account: Account): void {
  const region = account.host === 'code' ? 'cn' : 'global';
  exchange.sendJson(200, {
    ...{ user_id: account.id, nickname: 'simulator', status: 'active', region },
    ...{ user_level: 2, user_level_name: 'Intermediate' },
  });
}

/** All that the two official clients send (MoonshotAI/kimi-code, MoonshotAI/kimi-cli). */
const SEARCH_MEMBERS = ['text_query', 'limit', 'enable_page_crawling', 'timeout_seconds'];

export function sendSearch(exchange: Exchange, web: SimulatedWeb): void {
  const body = bodyOf(exchange);
  const query = textIn(body, 'text_query');
  const unknown = Object.keys(body).find((member) => !SEARCH_MEMBERS.includes(member));
  if (unknown !== undefined) throw invalid(`Invalid request: unknown field ${unknown}`);
  const { limit = 20 } = body;
  if (typeof limit !== 'number' || limit < 1 || limit > 20) throw invalid('Invalid request: limit must be 1 to 20');
  const found = web.find(query).slice(0, limit);
  const result = (page: WebPage) => ({
    site_name: '',
    snippet: '',
    content: '',
    date: '',
    ...page,
    icon: '',
    mime: 'text/html',
  });
  exchange.sendJson(200, { search_results: found.map(result) });
}

export function sendPage(exchange: Exchange, web: SimulatedWeb): void {
  const url = textIn(bodyOf(exchange), 'url');
  if (!URL.canParse(url)) throw new Refusal({ status: 400, type: 'invalid_url', message: `invalid url: ${url}` });
  const { hostname } = new URL(url);
  if (/^(localhost|127\.|10\.|192\.168\.)/.test(hostname)) {
    throw new Refusal({ status: 403, type: 'security_risk', message: 'the url is not allowed' });
  }
  exchange.begin(200, { 'content-type': 'text/markdown; charset=utf-8' });
  const { title = hostname, content = `The page at ${url}, as the simulator imagines it.` } = web.page(url) ?? {};
  exchange.response.end(`# ${title}\n\n${content}\n`);
}

function bodyOf(exchange: Exchange): JsonObject {
  const parsed = parseJson(exchange.raw.toString('utf8'));
  return parsed.ok && isObject(parsed.value) ? parsed.value : {};
}

function textIn(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw invalid(`Invalid request: ${name} is required`);
  return value;
}
