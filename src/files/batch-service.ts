import { GatewayError } from '../errors.ts';
import type { Place } from '../upstreams/adapter.ts';
import { callJsonResource } from '../upstreams/platform-resources.ts';
import type { Caller } from './caller.ts';
import type { Told } from './file-service.ts';
import type { Keeper, Resource } from './keeper.ts';
import { type ListQuery, mergedList } from './merged-list.ts';

/** Members of OpenAI's that Kimi's schema does not have (platform docs, batch page). */
const FOREIGN = ['output_expires_after'];

/** The batches of all accounts as one list; a batch runs in the account in which its input file lies. */
export class BatchService {
  readonly #keeper: Keeper;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  async create(request: Resource, caller: Caller): Promise<Told<Resource>> {
    const { input_file_id: id } = request;
    if (typeof id !== 'string' || id === '') {
      throw new GatewayError('invalid_request', {
        message: '`input_file_id` is missing.',
        param: 'input_file_id',
        hint: 'Upload the requests as a JSONL file with the purpose batch first: POST /v1/files.',
      });
    }
    const { place } = await this.#keeper.locate('files', id, caller);
    const present = FOREIGN.filter((member) => member in request);
    const known = Object.fromEntries(Object.entries(request).filter(([member]) => !FOREIGN.includes(member)));
    const body = await this.#keeper.accounts.call(place, (asked) =>
      callJsonResource(asked, {
        method: 'POST',
        path: '/batches',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(known)),
      }),
    );
    await this.#keeper.made(place, body, caller);
    return { body, place, notes: present.map((member) => `${member} left out`) };
  }

  async list(query: ListQuery, caller: Caller): Promise<Told<Resource>> {
    const { body, missing } = await mergedList('batches', this.#keeper, query, caller);
    await this.#keeper.adopt(body['data'] as readonly Resource[]);
    return { body, notes: missing };
  }

  show(id: string, caller: Caller): Promise<Told<Resource>> {
    return this.#one(id, caller, (place) => callJsonResource(place, { method: 'GET', path: pathOf(id) }));
  }

  cancel(id: string, caller: Caller): Promise<Told<Resource>> {
    return this.#one(id, caller, (place) => callJsonResource(place, { method: 'POST', path: `${pathOf(id)}/cancel` }));
  }

  async #one(id: string, caller: Caller, ask: (place: Place) => Promise<Resource>): Promise<Told<Resource>> {
    const { place } = await this.#keeper.locate('batches', id, caller);
    const body = await this.#keeper.accounts.call(place, ask);
    await this.#keeper.adopt([{ ...body, id }]);
    return { body, place, notes: [] };
  }
}

const pathOf = (id: string) => `/batches/${encodeURIComponent(id)}`;
