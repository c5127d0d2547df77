import type { Exchange } from '../exchange.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { Settings } from '../options.ts';
import type { ScriptMemory } from '../script/play.ts';
import type { WebAccount } from './web-account.ts';
import type { WebAccountBook } from './web-account-book.ts';
import type { WebChats } from './web-chat.ts';
import { WebFault } from './web-fault.ts';

export interface WebParts {
  readonly accounts: WebAccountBook;
  readonly chats: WebChats;
  readonly memory: ScriptMemory;
  readonly settings: Settings;
}

export function bearerOf(exchange: Exchange): string {
  return exchange.request.headers.authorization?.match(/^Bearer (\S+)$/)?.[1] ?? '';
}

/** The account of the access token. A refresh token, a cookie alone and an API key are refused alike. */
export function signedIn(exchange: Exchange, { accounts }: WebParts): WebAccount {
  const account = accounts.byAccess(bearerOf(exchange));
  if (account === undefined) throw new WebFault('expired');
  if (account.flagged) throw new WebFault('flagged');
  return account;
}

export function jsonBody(exchange: Exchange): JsonObject {
  const parsed = parseJson(exchange.raw.toString('utf8') || '{}');
  if (!parsed.ok || !isObject(parsed.value)) throw new WebFault('bad');
  return parsed.value;
}

export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/** Members may be written in either case: proto-JSON takes both. */
export function either(value: unknown, snake: string): unknown {
  const camel = snake.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return member(value, snake) ?? member(value, camel);
}
