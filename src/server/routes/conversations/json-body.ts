import { GatewayError } from '../../../errors.ts';
import type { Inbound } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import { readJson } from '../chat.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The body as an object; no body is an empty one. Throws invalid_json. */
export async function readMembers(inbound: Inbound, context: RouteContext): Promise<Members> {
  const body = await readJson(inbound, context);
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'malformed';
    throw new GatewayError('invalid_json', { message: `The request body is not valid JSON: ${why}.` });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new GatewayError('invalid_json', { message: 'The request body is not a JSON object.' });
}

/** A member that is a text, if it is there. Throws invalid_request. */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new GatewayError('invalid_request', { message: `\`${name}\` must be a text.`, param: name });
}
