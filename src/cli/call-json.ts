import { failureOf } from './chat/refusal.ts';
import { Failure } from './command.ts';
import type { Endpoint } from './endpoint.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What the gateway answers, as an object. Throws GatewayError in the words of whoever refused. */
export async function callJson(endpoint: Endpoint, path: string, method = 'GET', body?: object): Promise<Json> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await endpoint.call(path, { method, ...sent });
  if (!response.ok) throw await failureOf(response);
  const value: unknown = await response.json().catch(() => undefined);
  if (typeof value === 'object' && value !== null) return value as Json;
  throw new Failure(
    { en: `${path} was not answered with JSON.`, zh: `${path} 的应答不是 JSON。` },
    { code: 'upstream_garbled' },
  );
}

/** Rows of a list that the gateway answered. */
export function rowsOf(list: Json, member: string): readonly Json[] {
  const rows = list[member];
  return Array.isArray(rows) ? rows.filter((row): row is Json => typeof row === 'object' && row !== null) : [];
}

/** A member of what came, if it came as an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Json)[name] : undefined;
}

export const conversationPath = (id: string, rest = ''): string => `/v1/conversations/${encodeURIComponent(id)}${rest}`;
