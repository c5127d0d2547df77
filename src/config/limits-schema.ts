import { z } from 'zod';
import { count, size } from './fields.ts';

export const limitsSchema = z.strictObject({
  body_bytes: size('The largest request body.').prefault('32MiB'),
  answer_bytes: size('The largest answer of a surface.').prefault('64MiB'),
  event_bytes: size('The largest single event in a stream.').prefault('8MiB'),
  choices: count(
    'The largest `n` of a request: models that give one choice per call get as many calls.',
    1,
    128,
  ).prefault(8),
  queue: count(
    'Requests that wait at once because every account that could serve them is at its limit. Further ones get a 429 with Retry-After; 0: none waits.',
    0,
    1_000_000,
  ).prefault(1_000),
  connections: count('Client connections at once.', 1, 1_000_000).prefault(10_000),
});
