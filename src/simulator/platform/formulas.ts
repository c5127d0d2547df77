import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import type { Exchange } from '../exchange.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import { invalid, notFound } from '../refusal.ts';
import type { SimulatedWeb } from '../simulated-web.ts';

const WEB_SEARCH = 'moonshot/web-search:latest';
const BEGIN = '----MOONSHOT ENCRYPTED BEGIN----';
const END = '----MOONSHOT ENCRYPTED END----';

/** As `GET /v1/formulas/moonshot/web-search:latest/tools` was copied in August 2026 (Medesol/dsh-kimi-formula). */
const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'web_search',
      description: '用于信息检索的网络搜索',
      parameters: {
        type: 'object',
        properties: {
          query: { description: '要搜索的内容', type: 'string' },
          classes: {
            description: "要关注的搜索领域。如果未指定，则默认为 'all'。",
            type: 'array',
            items: {
              type: 'string',
              enum: ['all', 'academic', 'social', 'library', 'finance', 'code', 'ecommerce', 'medical'],
            },
          },
        },
        required: ['query'],
      },
    },
  },
];

export const isFormulaPath = (path: string): boolean => path.startsWith('/formulas/');

/** The official tools, of which the simulator has the search (platform docs, official tools). The sentences of refusals are ours. */
export function handleFormula(
  exchange: Exchange,
  account: Account,
  { web, now, body }: { web: SimulatedWeb; now: number; body: () => JsonObject },
): void {
  const [, uri, what] = exchange.path.match(/^\/formulas\/(.+)\/(tools|fibers)$/) ?? [];
  const { method } = exchange.request;
  if (uri !== WEB_SEARCH) throw notFound('The requested resource was not found');
  if (what === 'tools' && method === 'GET') exchange.sendJson(200, { object: 'list', tools: TOOLS });
  else if (what === 'fibers' && method === 'POST') sendFiber(exchange, account, web, now, body());
  else throw notFound('The requested resource was not found');
}

function sendFiber(exchange: Exchange, account: Account, web: SimulatedWeb, now: number, body: JsonObject): void {
  const { name, arguments: text } = body;
  if (name !== 'web_search') throw invalid(`Invalid request: function ${JSON.stringify(name ?? null)} not found`);
  if (typeof text !== 'string') throw invalid('Invalid request: arguments must be a string');
  const head = {
    ...{ id: `fiber-${randomBytes(10).toString('hex')}`, object: 'fiber', created_at: Math.floor(now / 1000) },
    ...{ formula: WEB_SEARCH, organization_id: account.id, project_id: `proj-${account.id}` },
  };
  const parsed = parseJson(text);
  const query = parsed.ok && isObject(parsed.value) ? parsed.value['query'] : undefined;
  const input = JSON.stringify({ name, arguments: text });
  if (typeof query !== 'string' || query === '') {
    const error = 'query is required';
    exchange.sendJson(200, { ...head, status: 'failed', context: { input, error }, error });
    return;
  }
  const pages = web.find(query);
  const references = pages.map(({ url, title }) => ({ url, title }));
  const context = {
    input,
    encrypted_output: seal(account.id, JSON.stringify(pages)),
    ...(web.showsReferences ? { references } : {}),
  };
  exchange.sendJson(200, { ...head, status: 'succeeded', context });
}

/** Stands for the vendor's encryption: whoever changes it, or belongs to another organisation, is found out. */
function seal(account: string, text: string): string {
  const inside = Buffer.from(JSON.stringify({ account, text })).toString('base64');
  return `${BEGIN}${inside}.${sum(inside)}${END}`;
}

const sum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Throws for a result of the search that did not come from it, or was made for somebody else. */
export function checkSealed(messages: unknown, account: Account): void {
  for (const message of Array.isArray(messages) ? messages : []) {
    if (!isObject(message) || message['role'] !== 'tool') continue;
    const { content } = message;
    if (typeof content !== 'string' || !content.includes('MOONSHOT ENCRYPTED')) continue;
    if (ownerOf(content) !== account.id) throw invalid('Invalid request: the encrypted output is not valid');
  }
}

function ownerOf(content: string): unknown {
  if (!content.startsWith(BEGIN) || !content.endsWith(END)) return undefined;
  const [inside = '', check] = content.slice(BEGIN.length, -END.length).split('.');
  if (check !== sum(inside)) return undefined;
  const parsed = parseJson(Buffer.from(inside, 'base64').toString());
  return parsed.ok && isObject(parsed.value) ? parsed.value['account'] : undefined;
}
