import { z } from 'zod';
import { count, duration, flag, names } from './fields.ts';

export const searchSchema = z.strictObject({
  enabled: flag(
    'Search the web for requests that ask for it, by functions that the gateway runs. The web chat searches by itself either way.',
  ).prefault(true),
  models: names('Models whose requests search unless they say otherwise.').prefault([]),
  rounds: count('How often at most the model is asked again with what was found, for one answer.', 1, 20).prefault(3),
  calls: count('Searches and pages for one answer at most.', 1, 100).prefault(10),
  results: count('Pages of one search that the model is shown, where the surface lets us choose.', 1, 50).prefault(8),
  timeout_ms: duration('How long one search may take.').prefault('30s'),
});
