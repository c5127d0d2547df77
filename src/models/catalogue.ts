import { factsOf } from './facts.ts';

/** A model as a surface's own list shows it. */
export interface ListedModel {
  readonly id: string;
  readonly created?: number;
  readonly owned_by?: string;
  readonly context_length?: number;
  readonly [member: string]: unknown;
}

/** What each surface serves: its own list once that is known, the rows of facts.ts until then. */
export class Catalogue {
  readonly #lists = new Map<string, ReadonlyMap<string, ListedModel>>();
  #version = 0;

  /** Changes whenever a list does; for caches of what was derived from the lists. */
  get version(): number {
    return this.#version;
  }

  update(surface: string, models: readonly ListedModel[]): void {
    this.#lists.set(surface, new Map(models.map((model) => [model.id, model])));
    this.#version++;
  }

  list(surface: string): ReadonlyMap<string, ListedModel> | undefined {
    return this.#lists.get(surface);
  }

  /** `unknown`: the surface has not told, and the facts do not know the model. */
  serves(surface: string, model: string): boolean | 'unknown' {
    const list = this.#lists.get(surface);
    if (list) return list.has(model);
    const facts = factsOf(model);
    if (!facts) return 'unknown';
    return facts.retired === undefined && facts.surfaces.includes(surface);
  }
}
