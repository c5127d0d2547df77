import { GatewayError } from '../errors.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** What a request's body says. Throws invalid_json. */
export function parseBody(body: Buffer): unknown {
  return orInvalidJson(() => JSON.parse(body.toString()));
}

/** The same, where it has to be an object. Throws invalid_json. */
export function parseObjectBody(body: Buffer): JsonObject {
  const value = parseBody(body);
  if (isObject(value)) return value;
  throw new GatewayError('invalid_json', { message: 'The request body is not a JSON object.' });
}

/** What `read` throws beside errors of ours is the body's fault. */
export function orInvalidJson<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const why = cause instanceof Error ? cause.message : 'malformed';
    throw new GatewayError('invalid_json', { message: `The request body is not valid JSON: ${why}.` });
  }
}
