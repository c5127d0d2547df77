import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import { choice, count, number, secret, text } from './fields.ts';

const listOf = (description: string) =>
  z
    .array(text('A name.'), { error: 'must be a list, such as [ a, b ]' })
    .min(1, 'names nobody; leave the key out to allow all')
    .meta({ kind: 'list', description });

/** Of either currency: more would not be told apart from a slip of the hand. */
const MOST_MONEY = 1_000_000;

const moment = text('When it stops working: a day (UTC) or a moment, such as 2027-01-31 or 2027-01-31T18:00:00+08:00.')
  .regex(/^\d{4}-\d{2}-\d{2}/, 'must be a day such as 2027-01-31, or a moment such as 2027-01-31T18:00:00Z')
  .transform((value, context) => {
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return ms;
    context.addIssue('must be a day such as 2027-01-31, or a moment such as 2027-01-31T18:00:00Z');
    return z.NEVER;
  });

const budgetSchema = z.strictObject(
  {
    currency: choice('In what the budget is written. Costs in the other one are converted by `budgets.cny_per_usd`.', [
      'USD',
      'CNY',
    ]).prefault('USD'),
    daily: number('What its calls may cost in a day.', { least: 0, most: MOST_MONEY }).optional(),
    monthly: number('What its calls may cost in a month of the calendar.', { least: 0, most: MOST_MONEY }).optional(),
    unpriced: choice(
      'Calls whose price nobody knows: not served to this key, or `free`. Subscriptions cost nothing by the token.',
      ['refuse', 'free'],
    ).prefault('refuse'),
  },
  { error: 'must be a map such as { monthly: 20 }' },
);

/** What one inbound key may do; what is left out is not limited. */
const rulesShape = {
  route: text('The route its requests take. Default: `default`.').optional(),
  models: listOf('The models it may use: names, or patterns such as `kimi-k2*`. Default: all.').optional(),
  surfaces: listOf('The surfaces that may serve it, by id. Default: all of its route.').optional(),
  rpm: count('Requests in a minute.', 1, 10_000_000).optional(),
  tpm: count('Tokens in a minute, prompts and answers together.', 1, 10_000_000_000).optional(),
  concurrency: count('Requests under way at once.', 1, 100_000).optional(),
  budget: budgetSchema.optional().meta({ description: 'What its calls may cost.' }),
  expires: moment.optional(),
};

const keyRulesSchema = z.strictObject(rulesShape);

export const inboundKeySchema = z.strictObject({
  name: text('Whose key it is, for logs and the ledger. Default: key-1, key-2, …').optional(),
  key: secret('What the client sends as `Authorization: Bearer` or `x-api-key`.'),
  ...rulesShape,
});

/** Rules that are given at run time, checked as the configuration checks its own. Throws invalid_request. */
export function readKeyRules(value: unknown): KeyRules {
  const parsed = keyRulesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const what = problems.map(({ path, message }) => (path === '' ? message : `\`${path}\` ${message}`)).join('; ');
  const param = problems[0]?.path;
  throw new GatewayError('invalid_request', { message: `The key cannot be so: ${what}.`, ...(param ? { param } : {}) });
}

export type KeyRules = z.output<typeof keyRulesSchema>;

/** The names that rules mention and the configuration does not have. */
export function unknownNames(
  { route, surfaces }: KeyRules,
  known: { readonly routes: object; readonly surfaces: object },
): { readonly path: readonly (string | number)[]; readonly what: string; readonly name: string }[] {
  return [
    ...(route !== undefined && !Object.hasOwn(known.routes, route)
      ? [{ path: ['route'], what: 'route', name: route }]
      : []),
    ...(surfaces ?? []).flatMap((name, index) =>
      Object.hasOwn(known.surfaces, name) ? [] : [{ path: ['surfaces', index], what: 'surface', name }],
    ),
  ];
}
