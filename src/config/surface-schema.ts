import { z } from 'zod';
import { agentVersion } from './agent-version.ts';
import { choice, count, duration, flag, headers, secret, secrets, text, url } from './fields.ts';
import { priceSchema } from './price-schema.ts';
import { REGIONS, SURFACE_TYPES } from './surface-kinds.ts';

/** The waits of one call to a surface; each surface may set its own. */
export const callTimeouts = {
  connect_ms: duration('How long opening a connection to a surface may take.'),
  first_byte_ms: duration(
    'How long a surface may take until its answer begins. At the highest effort Kimi thinks for minutes before the first token; the vendor itself gives up after 900 s.',
  ),
  idle_ms: duration('How long a surface may pause in the middle of its answer.'),
  total_ms: duration('How long one answer may take from beginning to end.'),
};

/** As the platform counts them, per account. */
const limitsSchema = z.strictObject(
  {
    concurrency: count('Calls in flight at once.', 1, 100_000).optional(),
    rpm: count('Requests in a minute.', 1, 10_000_000).optional(),
    tpm: count('Tokens in a minute, prompts and answers together.', 1, 10_000_000_000).optional(),
    tpd: count('Tokens in a day.', 1, 1_000_000_000_000).optional(),
  },
  { error: objectError('a map of limits such as { concurrency: 50, rpm: 200 }') },
);

export const credentialSchema = z
  .strictObject(
    {
      key: secrets('The API key; several, comma separated, become several credentials.').optional(),
      token: secrets('The same as `key`, under the name that the web chat uses.').optional(),
      refresh_token: secret('Web chat only: renews the token, which lives for 15 minutes.').optional(),
      name: text('What logs and the dashboard call it. Default: the surface and a number.').optional(),
      account: text(
        'The account behind the key. Limits are counted per account: keys of the same account share one budget.',
      ).optional(),
      weight: count(
        'Its share among the credentials of the surface. 0: it serves only when no other can.',
        0,
        1000,
      ).prefault(1),
      tier: count(
        "The platform's tier of its account, 0 to 5, which follows the cumulative top-up: sets the limits that `limits` does not.",
        0,
        5,
      ).optional(),
      limits: limitsSchema
        .optional()
        .meta({ description: 'What its account may do. Requests beyond it wait here instead of being refused there.' }),
      headers: headers('Further request headers for this credential only.').optional(),
      user_agent_version: agentVersion('As on the surface, for this credential only.').optional(),
    },
    { error: objectError('a credential such as { key: sk-kimi-… }') },
  )
  .transform(({ key, token, ...rest }, context) => {
    const found = [...(key ?? []), ...(token ?? [])];
    if (found.length === 0 && rest.refresh_token !== undefined) found.push(rest.refresh_token);
    // A broken key has been reported where it stands; saying that it is missing as well would mislead.
    if (found.length === 0 && key === undefined && token === undefined) context.addIssue('has no `key` and no `token`');
    return found.map((secretValue) => ({ ...rest, secret: secretValue }));
  });

const webSchema = z.strictObject({
  tools: choice('Function calling by prompt: `emulate` it, or leave such requests to another surface (`off`).', [
    'off',
    'emulate',
  ]).prefault('off'),
  search: flag('Let the web chat search the web where neither the name of the model nor the request says.').prefault(
    true,
  ),
  sources: choice('How the pages that were found are told.', ['annotations', 'text', 'none']).prefault('annotations'),
  cleanup: choice('What happens to the chat that a stateless request leaves behind in the account.', [
    'keep',
    'delete',
  ]).prefault('keep'),
});

export const surfaceSchema = z.strictObject(
  {
    type: choice(
      'What it speaks. The four well-known ids imply it; every other id needs it.',
      SURFACE_TYPES,
    ).optional(),
    base_url: url('Where it is. The well-known types have a default.').optional(),
    auth_url: url(
      '`kimi-web` only: where tokens are renewed. Default: the vendor, or `base_url` where that is set.',
    ).optional(),
    enabled: flag('`false` keeps the entry and does not use it.').prefault(true),
    region: choice('Which of the two account systems. Fixed for `moonshot-cn` and `moonshot-ai`.', REGIONS).optional(),
    face: choice(
      '`kimi-code` and `moonshot-*`: the protocol to speak. `auto` passes clients of the Messages protocol through to the Anthropic face where the model is served there, and everybody else on the platform to the OpenAI face. On `kimi-code` it forwards agents that name themselves to the OpenAI face, and uses the Anthropic face, which needs no approval, for everybody else. `openai` never uses the Anthropic face.',
      ['auto', 'openai', 'anthropic'],
    ).prefault('auto'),
    protocol: choice('`kimi-web`: which of its two generations to speak.', ['auto', 'classic', 'connect']).prefault(
      'auto',
    ),
    user_agent_version: agentVersion(
      '`kimi-code`: present the gateway as `KimiCLI/<version>` on the OpenAI face; `default` is 0.77. Off by default: the vendor forbids it and has terminated an account for it.',
    ).optional(),
    credentials: z
      .array(credentialSchema, { error: 'must be a list, such as [ { key: sk-kimi-… } ]' })
      .prefault([])
      .meta({ description: 'Its keys or tokens.' }),
    models: z
      .record(z.string(), text('The name that the surface knows.'), {
        error: 'must be a map: client name → surface name',
      })
      .prefault({})
      .meta({ kind: 'pairs', description: 'Model names of clients → names that this surface knows.' }),
    prices: z
      .array(priceSchema, { error: 'must be a list, such as [ { currency: USD, input: 0.6, output: 2.5 } ]' })
      .prefault([])
      .meta({
        description:
          'What it charges, for the ledger and for budgets: of a `compatible` surface nobody knows otherwise, and elsewhere these rows come before the list prices.',
      }),
    headers: headers('Further request headers for every call.').optional(),
    concurrency: count(
      'Calls in flight at once per account. Default: 2 for `kimi-web`, 30 for `kimi-code` (its plans allow no more), no limit elsewhere.',
      1,
      10_000,
    ).optional(),
    strategy: choice(
      'Whose turn it is among its credentials: in turn; the account with the fewest calls in flight; shares by `weight`; or the same inbound key always with the same account, whose prompt cache knows it. Default: `weighted` where the weights differ, else `round_robin`.',
      ['round_robin', 'least_busy', 'weighted', 'sticky'],
    ).optional(),
    timeouts: z
      .strictObject(callTimeouts, { error: 'must be a map of timeouts' })
      .partial()
      .prefault({})
      .meta({ description: 'Its own waits, where they differ from `timeouts`.' }),
    web_search: choice(
      '`compatible` only: whether it searches the web by itself where a request has `web_search_options`.',
      ['none', 'itself'],
    ).prefault('none'),
    web: webSchema.prefault({}).meta({ description: '`kimi-web` only.' }),
  },
  { error: objectError('a map such as { credentials: [ { key: sk-kimi-… } ] }') },
);

export type SurfaceSettings = z.output<typeof surfaceSchema>;

/** Keeps zod's own words for unknown keys, which name them. */
function objectError(expected: string) {
  return (issue: { readonly code?: string | undefined }) =>
    issue.code === 'invalid_type' ? `must be ${expected}` : undefined;
}
