import { GatewayError } from '../errors.ts';
import type { Place } from '../upstreams/adapter.ts';
import { callJsonResource, type ResourceCall } from '../upstreams/platform-resources.ts';
import type { FileAccounts } from './accounts.ts';
import type { Caller } from './caller.ts';
import type { Owner, Owners } from './owners.ts';

export type ResourceKind = 'files' | 'batches';
export type Resource = Readonly<Record<string, unknown>>;

export interface Located {
  readonly place: Place;
  readonly owner: Owner;
}

/** Whose calls they are where nobody needs a key; no key may have this name (config/resolve.ts). */
const SINGLE_USER = 'local';

/** Where the vendor writes what a batch has made. */
const OUTPUTS = ['output_file_id', 'error_file_id'];

/**
 * Knows in which account a file or a batch lies, and whose it is. What was made here is remembered. Anything else is asked
 * for, if the caller may have it: of what nobody is known to have made, a caller with a key could be anybody but its maker.
 */
export class Keeper {
  readonly accounts: FileAccounts;
  readonly #owners: Owners;
  readonly #unowned: 'hidden' | 'shared';

  constructor(accounts: FileAccounts, owners: Owners, unowned: 'hidden' | 'shared') {
    this.accounts = accounts;
    this.#owners = owners;
    this.#unowned = unowned;
  }

  /** Throws resource_not_found; also for what another inbound key made. */
  async locate(kind: ResourceKind, id: string, caller: Caller): Promise<Located> {
    const owner = await this.#owners.find(id);
    // Told of every id alike: whether there is such a thing is not.
    if (!this.#isVisible(owner, caller)) throw notFound(kind, id, caller);
    const place = owner && this.accounts.of(owner.surface, owner.account, caller);
    if (owner && place) return { place, owner };
    return this.#ask(kind, id, caller, owner?.key);
  }

  /** What the caller made, for the account that it was made in. */
  async made(place: Place, resource: Resource, { owner }: Caller): Promise<void> {
    await this.#remember(place, resource, owner);
  }

  async gone(id: string): Promise<void> {
    await this.#owners.forget(id);
  }

  /** Those of the list that the caller may see. */
  async visible(resources: readonly Resource[], caller: Caller): Promise<readonly Resource[]> {
    const owners = await this.#owners.findAll(resources.map(({ id }) => String(id)));
    return resources.filter(({ id }) => this.#isVisible(owners.get(String(id)), caller));
  }

  /** Files that batches have made belong to whom the batches belong to. */
  async adopt(batches: readonly Resource[]): Promise<void> {
    const owners = await this.#owners.findAll(batches.map(({ id }) => String(id)));
    const made = batches.flatMap((batch) => {
      const owner = owners.get(String(batch['id']));
      const ids = OUTPUTS.map((member) => batch[member]).filter((id) => typeof id === 'string' && id !== '');
      return owner?.key === undefined ? [] : ids.map((id) => ({ id: String(id), owner }));
    });
    if (made.length === 0) return;
    const known = await this.#owners.findAll(made.map(({ id }) => id));
    for (const { id, owner } of made) {
      const { surface, account, key } = owner;
      if (known.get(id)?.key === undefined) await this.#owners.remember(id, { surface, account, key });
    }
  }

  #isVisible(owner: Owner | undefined, caller: Caller): boolean {
    if (owner?.key !== undefined) return owner.key === caller.owner;
    return caller.owner === SINGLE_USER || this.#unowned === 'shared';
  }

  async #ask(kind: ResourceKind, id: string, caller: Caller, key: string | undefined): Promise<Located> {
    let failure: GatewayError | undefined;
    const call: ResourceCall = { method: 'GET', path: `/${kind}/${encodeURIComponent(id)}` };
    for (const place of this.accounts.some(caller)) {
      try {
        const resource = await this.accounts.call(place, (asked) => callJsonResource(asked, call));
        const owner = await this.#remember(place, { ...resource, id }, key);
        return { place, owner };
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        if (error.code === 'client_closed') throw error;
        if (error.code !== 'resource_not_found') failure ??= error;
      }
    }
    // One that could not be asked may have it.
    throw failure ?? notFound(kind, id, caller);
  }

  async #remember(place: Place, { id, purpose, filename }: Resource, key: string | undefined): Promise<Owner> {
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const owner = { ...placeOf(place), key, purpose: text(purpose), filename: text(filename) };
    if (typeof id === 'string' && id !== '') await this.#owners.remember(id, owner);
    return owner;
  }
}

function placeOf({ surface, credential }: Place) {
  return { surface: surface.id, account: credential.account };
}

function notFound(kind: ResourceKind, id: string, { owner }: Caller): GatewayError {
  const what = kind === 'files' ? 'file' : 'batch';
  return new GatewayError('resource_not_found', {
    message: `There is no ${what} ${id.slice(0, 100)}.`,
    ...(owner === SINGLE_USER ? {} : { hint: HIDDEN }),
  });
}

const HIDDEN =
  'A key sees what was made with it through this gateway; `files.unowned: shared` shows what was made elsewhere to every key.';
