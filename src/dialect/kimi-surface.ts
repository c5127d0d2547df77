import type { Situation } from './rule.ts';

/** Whether the request goes to Moonshot's own API. Other hosts of the same models check requests in their own ways. */
export function isKimiApi({ surface }: Situation): boolean {
  return surface === 'platform' || surface === 'coding';
}
