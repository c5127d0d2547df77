import { z } from 'zod';
import { count, duration } from './fields.ts';

/** When a request is tried again, and for how long. */
export const retriesSchema = z.strictObject({
  attempts: count(
    'How often one credential may get the same request: every other one that can serve is tried once, at once, before there is a pause and any of them is tried again. 1: no pauses.',
    1,
    20,
  ).prefault(3),
  tries: count('Tries in all for one request, over all credentials and surfaces.', 1, 1_000).prefault(30),
  within_ms: duration('After this long since the first failure no further try begins.').prefault('1m'),
  first_ms: duration('The pause before anybody is tried a second time; it doubles with each further one.', {
    zero: true,
  }).prefault('500ms'),
  most_ms: duration(
    'The longest pause before another try. A surface that asks for a longer one is left to rest and the next is tried.',
    { zero: true },
  ).prefault('20s'),
});
