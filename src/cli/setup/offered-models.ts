import { ALIASES } from '../../models/aliases.ts';
import { factsOf, MODELS, type ModelFacts } from '../../models/facts.ts';

/** A model in a client's list, with what clients ask of one. */
export interface OfferedModel {
  readonly id: string;
  readonly title: string;
  readonly facts: ModelFacts;
  readonly context: number;
  /** The longest answer that clients are told to ask for. */
  readonly maxOutput: number;
}

/**
 * Clients keep room for the longest answer free in the window: Kimi's own limit is the whole window, which would leave
 * no room for the question. The coding subscription's own limit is this.
 */
const OUTPUT_LIMIT = 32_768;

/** The models of the open platform that are served today, the general one first. */
export function platformModels(): readonly OfferedModel[] {
  const live = MODELS.filter(({ surfaces, retired }) => surfaces.includes('moonshot-cn') && retired === undefined);
  return live.toSorted((left, right) => left.id.localeCompare(right.id)).map(({ id }) => offeredModel(id));
}

/** A name that a client may ask for: a model, or an alias, which may be served by any of several. */
export function offeredModel(id: string): OfferedModel {
  const names = ALIASES.find((alias) => alias.name === id)?.models ?? [id];
  const candidates = names.map(factsOf).filter((facts) => facts !== undefined);
  const facts = candidates[0] ?? FALLBACK;
  // The smallest window of all that may serve: a larger one could be promised and not be there.
  const least = (size: (facts: ModelFacts) => number) => Math.min(...[facts, ...candidates].map(size));
  const served = facts.retired?.successor ?? (facts.id === id ? undefined : facts.id);
  return {
    id,
    title: served === undefined ? titleOf(id) : `${titleOf(id)} (${served})`,
    facts,
    context: least(({ context }) => context),
    maxOutput: Math.min(
      OUTPUT_LIMIT,
      least(({ maxOutput }) => maxOutput),
    ),
  };
}

/** Several names without repeating one. */
export function offeredModels(...names: readonly string[]): readonly OfferedModel[] {
  const platform = platformModels().map(({ id }) => id);
  return [...new Set([...names, ...platform])].map(offeredModel);
}

/** What nothing is known of is taken for the general model. */
const FALLBACK: ModelFacts = MODELS.find(({ id }) => id === 'kimi-k2.6') ?? unreachable();

function unreachable(): never {
  throw new Error('the catalogue has no kimi-k2.6');
}

/** `kimi-k2.7-code` → `Kimi K2.7 Code` */
function titleOf(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
