import { GatewayError } from '../../errors.ts';
import { factsOf } from '../../models/facts.ts';

/** What the list of the OpenAI shape has of a model. */
interface Listed {
  readonly id: string;
  readonly created: number;
  readonly [member: string]: unknown;
}

/** https://docs.claude.com/en/api/models-list: 20 on a page unless asked for more, at most 1,000. */
const PAGE = 20;
const LONGEST_PAGE = 1_000;

/** A model as Anthropic's API describes it; a time that nobody told is the epoch, as the documentation has it. */
export function toAnthropicModel({ id, created, object: _, owned_by: __, ...more }: Listed): Record<string, unknown> {
  const facts = factsOf(typeof more['alias_of'] === 'string' ? more['alias_of'] : id);
  const name = more['display_name'];
  return {
    ...more,
    type: 'model',
    id,
    display_name: typeof name === 'string' && name !== '' ? name : id,
    created_at: new Date(created * 1000).toISOString(),
    ...(facts ? { max_input_tokens: facts.context, max_tokens: facts.maxOutput } : {}),
  };
}

/** A page of the list, by `limit`, `after_id` and `before_id`. */
export function toAnthropicList(models: readonly Listed[], query: string): Record<string, unknown> {
  const asked = new URLSearchParams(query);
  const limit = limitOf(asked.get('limit'));
  const after = placeOf(models, asked.get('after_id'));
  const before = placeOf(models, asked.get('before_id'));
  const from = after === undefined ? 0 : after + 1;
  const until = before ?? models.length;
  const isBackwards = before !== undefined && after === undefined;
  const page = isBackwards
    ? models.slice(Math.max(0, until - limit), until)
    : models.slice(from, Math.min(until, from + limit));
  return {
    data: page.map(toAnthropicModel),
    has_more: page.length < (isBackwards ? until : Math.max(0, until - from)),
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function limitOf(text: string | null): number {
  const limit = text === null ? PAGE : Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_PAGE) return limit;
  throw new GatewayError('invalid_request', { message: `limit: must be from 1 to ${LONGEST_PAGE}`, param: 'limit' });
}

function placeOf(models: readonly Listed[], id: string | null): number | undefined {
  if (id === null) return undefined;
  const place = models.findIndex((model) => model.id === id);
  if (place !== -1) return place;
  throw new GatewayError('invalid_request', { message: 'after_id and before_id must be ids of the list.' });
}
