import { z } from 'zod';
import { choice, number, text } from './fields.ts';

/** Per million tokens, in any currency: more is a slip of the hand. */
const MOST = 100_000;

const perMillion = (description: string) => number(description, { least: 0, most: MOST });
const day = (description: string) => text(description).regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2027-01-31');

/** What a surface charges for a model, where the gateway does not know it or the owner pays something else. */
export const priceSchema = z
  .strictObject(
    {
      model: text(
        'The model, by the name of the clients or of the surface, or a pattern such as `deepseek/*`. The first row that fits counts. Default: all models.',
      ).prefault('*'),
      currency: choice('In what the prices are written.', ['USD', 'CNY']).prefault('USD'),
      input: perMillion('A million tokens of prompts.'),
      cached: perMillion('A million tokens of prompts that the surface had cached. Default: as `input`.').optional(),
      output: perMillion('A million tokens of answers, thoughts included.'),
      from: day('The day (UTC) from which the row holds.').optional(),
      until: day('The day (UTC) before which it holds.').optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? 'must be a price such as { currency: USD, input: 0.6, output: 2.5 }' : undefined,
    },
  )
  .transform(({ cached, ...rest }) => ({ ...rest, cached: cached ?? rest.input }));
