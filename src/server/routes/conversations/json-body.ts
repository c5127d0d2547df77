import { parseObjectBody } from '../../../chat/json-body.ts';
import { GatewayError } from '../../../errors.ts';
import type { Inbound } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import { readJson } from '../chat.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The body as an object; no body is an empty one. Throws invalid_json. */
export async function readMembers(inbound: Inbound, context: RouteContext): Promise<Members> {
  const body = await readJson(inbound, context);
  return body.length === 0 ? {} : parseObjectBody(body);
}

/** A member that is a text, if it is there. Throws invalid_request. */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new GatewayError('invalid_request', { message: `\`${name}\` must be a text.`, param: name });
}
