import { GatewayError } from '../errors.ts';

/** A whole number of the query. Throws invalid_request, naming it, if it is none in the range. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number },
): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new GatewayError('invalid_request', {
    message: `\`${name}\` must be a whole number from ${least} to ${most}.`,
    param: name,
  });
}
