import { CODING } from './coding.ts';
import { CODING_REQUESTS } from './coding-requests.ts';
import { GENERIC } from './generic.ts';
import { LIMITS } from './limits.ts';
import { PLATFORM } from './platform.ts';
import type { Refusal, Said } from './refusal.ts';
import { WEB } from './web.ts';

/** Every refusal that is known. */
export const REFUSALS: readonly Refusal[] = [...CODING, ...CODING_REQUESTS, ...PLATFORM, ...LIMITS, ...WEB, ...GENERIC];

const BY_ID = new Map(REFUSALS.map((row) => [row.id, row]));

export const refusalById = (id: string): Refusal | undefined => BY_ID.get(id);

/** The narrower a row is, the earlier it is asked: sentence within its status and type, identifier, code, status alone. */
const NARROW_FIRST = [...REFUSALS].sort((one, other) => width(one) - width(other));

function width({ says, type, code }: Refusal): number {
  if (says !== undefined) return 0;
  if (typeof type === 'string') return 1;
  if (type !== undefined) return 2;
  return code === undefined ? 4 : 3;
}

/** The row that fits what was said; undefined where nothing is known but a status that no row has. */
export function findRefusal(said: Said): Refusal | undefined {
  return NARROW_FIRST.find((row) => fits(row, said));
}

/**
 * An identifier counts whatever the status: proxies change the one and not the other. A sentence counts only within its
 * status, whatever the identifier: the faces give the same sentence different ones, or none.
 */
function fits({ on, status, type, code, says }: Refusal, said: Said): boolean {
  if (said.place === undefined ? on.every((place) => place === 'web') : !on.includes(said.place)) return false;
  if (code !== undefined) return code === said.code;
  if (type !== undefined && says === undefined) return said.type !== undefined && isType(type, said.type);
  const isSaid = says === undefined || says.test(said.message ?? '');
  // Inside a stream there is no status any more; a sentence is narrow enough to go without.
  if (said.status === undefined) return says !== undefined && isSaid;
  return isSaid && status?.includes(said.status) === true;
}

const isType = (type: string | RegExp, said: string): boolean =>
  typeof type === 'string' ? type === said : type.test(said);
