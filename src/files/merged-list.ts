import { GatewayError } from '../errors.ts';
import type { Place } from '../upstreams/adapter.ts';
import { callJsonResource } from '../upstreams/platform-resources.ts';
import type { Caller } from './caller.ts';
import type { Keeper, Resource, ResourceKind } from './keeper.ts';

export interface ListQuery {
  readonly limit: number;
  readonly after: string | undefined;
  readonly order: 'asc' | 'desc';
  readonly purpose?: string | undefined;
}

export interface MergedList {
  readonly body: Resource;
  /** Accounts that could not be asked. */
  readonly missing: readonly string[];
}

/** How many of each account are asked for at once, and how often: an account holds 1,000 files. */
const PAGES: Readonly<
  Record<ResourceKind, { readonly size: number; readonly sizeName: string; readonly most: number }>
> = {
  files: { size: 1_000, sizeName: 'page_size', most: 2 },
  batches: { size: 100, sizeName: 'limit', most: 10 },
};

/** The lists of all accounts as one, newest first. Throws what the first account said if none answered. */
export async function mergedList(
  kind: ResourceKind,
  keeper: Keeper,
  query: ListQuery,
  caller: Caller,
): Promise<MergedList> {
  const places = keeper.accounts.some(caller);
  const answers = await Promise.allSettled(
    places.map((place) => listOf(kind, (path) => keeper.accounts.call(place, (asked) => read(asked, path)))),
  );
  const failed = answers.flatMap((answer, index) =>
    answer.status === 'rejected' ? [{ place: places[index], error: GatewayError.from(answer.reason) }] : [],
  );
  const [first] = failed;
  if (first && failed.length === places.length) throw first.error;
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const visible = await keeper.visible(found, caller);
  return {
    body: cut(visible, query),
    missing: failed.map(({ place, error }) => `${place?.credential.id ?? ''} not listed: ${error.code}`),
  };
}

async function listOf(kind: ResourceKind, ask: (path: string) => Promise<Page>): Promise<readonly Resource[]> {
  const { size, sizeName, most } = PAGES[kind];
  const all = new Map<string, Resource>();
  let after: string | undefined;
  for (let page = 0; page < most; page++) {
    const query = new URLSearchParams({ [sizeName]: String(size) });
    // The name differs with the vendor's page and OpenAI's; a server takes the one that it knows.
    if (after !== undefined) for (const name of ['after', 'page_token']) query.set(name, after);
    const { data, more } = await ask(`/${kind}?${query}`);
    const before = all.size;
    for (const item of data) {
      if (typeof item?.['id'] === 'string') all.set(item['id'], item);
    }
    after = [...all.keys()].at(-1);
    if (!more || all.size === before) break;
  }
  return [...all.values()];
}

interface Page {
  readonly data: readonly Resource[];
  readonly more: boolean;
}

async function read(place: Place, path: string): Promise<Page> {
  const { data, has_more: more } = await callJsonResource(place, { method: 'GET', path });
  if (Array.isArray(data)) return { data: data as readonly Resource[], more: more === true };
  throw new GatewayError('upstream_garbled', {
    surface: place.surface.id,
    message: 'The list has no `data` array.',
  });
}

function cut(items: readonly Resource[], { limit, after, order, purpose }: ListQuery): Resource {
  const created = ({ created_at: at }: Resource) => (typeof at === 'number' ? at : 0);
  const sorted = items
    .filter((item) => purpose === undefined || item['purpose'] === purpose)
    .sort((one, other) => (order === 'asc' ? created(one) - created(other) : created(other) - created(one)));
  const place = after === undefined ? -1 : sorted.findIndex(({ id }) => id === after);
  if (after !== undefined && place === -1) {
    throw new GatewayError('invalid_request', {
      message: `Nothing in the list has the id ${after.slice(0, 100)}.`,
      param: 'after',
    });
  }
  const data = sorted.slice(place + 1, place + 1 + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: place + 1 + limit < sorted.length,
  };
}
