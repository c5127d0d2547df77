import { GatewayError } from '../errors.ts';
import { ALIASES, PROVIDER_PREFIXES } from './aliases.ts';
import type { Catalogue } from './catalogue.ts';
import { factsOf, MODELS, type ModelFacts } from './facts.ts';
import { familyOf, type Tier } from './foreign-families.ts';
import { factsFromList } from './listed-facts.ts';
import { closestPattern } from './name-pattern.ts';
import { withoutSuffix } from './name-switches.ts';
import { nearest } from './nearest.ts';

/** A surface that may be asked, as far as names matter. */
export interface NamedSurface {
  readonly id: string;
  /** Client-side name to the surface's own id; where it is given, only these models are served. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** Reads names that its list does not spell out: a model with suffixes, or under another name. */
  readonly variantOf?: ((name: string) => ModelVariant | undefined) | undefined;
}

export interface ModelVariant {
  /** The name that lists have. */
  readonly base: string;
  readonly suffix: string;
}

export interface Target {
  readonly surface: string;
  /** The id that goes up. */
  readonly model: string;
  readonly facts: ModelFacts | undefined;
}

/** `pattern:` the owner's alias with a `*`; `tier:` how strong a model another vendor's name means. */
export type Because = 'asked' | 'alias' | 'retired' | 'default' | `pattern:${string}` | `tier:${Tier}`;

export interface Resolution {
  readonly asked: string;
  /** The model that serves, by the catalogue's name. */
  readonly model: string;
  readonly because: Because;
  /** Whether the name asks for a web search, or for none; undefined where it says nothing. */
  readonly search?: boolean;
  /** In the order of the route; at least one. */
  readonly targets: readonly Target[];
}

export interface Names {
  /** The surfaces of the route that have a credential, in order. */
  readonly surfaces: readonly NamedSurface[];
  /** The owner's aliases; a name with `*` is a pattern. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The owner's models for names of other vendors. */
  readonly tiers?: Readonly<Partial<Record<Tier, string | undefined>>> | undefined;
  readonly catalogue: Catalogue;
}

const BUILT_IN = new Map(ALIASES.map((alias) => [alias.name, alias.models]));

/** What serves the model that a client named. Throws unknown_model with the nearest names. */
export function resolveModel(asked: string, names: Names): Resolution {
  return resolveSwitched(asked, names) ?? resolvePlain(asked, names);
}

/**
 * A name with `-search` or `-nosearch` at its end: the model without it, told apart by `search`. A surface that lists the
 * whole name, as the web chat does, is asked by that. Undefined where nobody knows the name without it: then it is no suffix.
 */
function resolveSwitched(asked: string, names: Names): Resolution | undefined {
  const shorter = withoutSuffix(asked);
  const search = shorter?.switches.search;
  // The owner's own name for a model is that name, however it ends.
  if (shorter === undefined || search === undefined || Object.hasOwn(names.aliases, asked)) return undefined;
  const whole = known(() => resolvePlain(asked, names, 'no guess'));
  const base = known(() => resolvePlain(shorter.base, names, 'no guess'));
  if (base === undefined) return undefined;
  // A name that is only understood by how it begins is no name that a surface knows.
  const isListed = whole !== undefined && (whole.model === asked || asked.endsWith(`/${whole.model}`));
  const named = new Map(isListed ? whole.targets.map((target) => [target.surface, target]) : []);
  const served = new Map(base.targets.map((target) => [target.surface, target]));
  const targets = names.surfaces.flatMap(({ id }) => named.get(id) ?? served.get(id) ?? []);
  const because = base.because === 'asked' ? 'alias' : base.because;
  const { model } = base;
  return isListed && targets[0] === whole.targets[0]
    ? { ...whole, targets, search }
    : { asked, model, because, targets, search };
}

function known(resolve: () => Resolution): Resolution | undefined {
  try {
    return resolve();
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'unknown_model') return undefined;
    throw thrown;
  }
}

function resolvePlain(asked: string, names: Names, guess?: 'no guess'): Resolution {
  const ways = readings(asked, names);
  for (const { name, surfaces } of ways) {
    const { because, models } = candidates(name, names);
    for (const candidate of models) {
      const { model, on } = placed(candidate, surfaces);
      const targets = targetsOf(model, on, names.catalogue, false);
      if (targets.length > 0) return { asked, model, because: reason(model, name, asked, because), targets };
      const successor = successorOf(model, on, names.catalogue);
      if (successor) return { asked, ...successor, because: 'retired' };
    }
  }
  // A name that neither the facts nor an alias knows: a surface that has not told its list may have it.
  for (const { name, surfaces } of guess === undefined ? ways.toReversed() : []) {
    const { because, models } = candidates(name, names);
    for (const candidate of models) {
      const { model, on } = placed(candidate, surfaces);
      const targets = targetsOf(model, on, names.catalogue, true);
      if (targets.length > 0) return { asked, model, because: reason(model, name, asked, because), targets };
    }
  }
  throw unknownModel(asked, names);
}

/** An alias may choose the surface too: `moonshot-ai/kimi-k3`. */
function placed(candidate: string, surfaces: readonly NamedSurface[]) {
  const slash = candidate.indexOf('/');
  const on = slash < 1 ? [] : surfaces.filter(({ id }) => id === candidate.slice(0, slash));
  return on.length > 0 ? { model: candidate.slice(slash + 1), on } : { model: candidate, on: surfaces };
}

interface Candidates {
  readonly because: Because;
  /** In order of preference. */
  readonly models: readonly string[];
}

function candidates(name: string, names: Names): Candidates {
  const own = ownAlias(name, names);
  if (own) return own;
  const family = familyOf(name);
  const built = BUILT_IN.get(name);
  if (!family) return { because: 'alias', models: [name, ...(built ?? [])] };
  const tier = names.tiers?.[family.tier];
  const chosen = tier === undefined ? [] : [tier, ...(ownAlias(tier, names)?.models ?? BUILT_IN.get(tier) ?? [])];
  const because = built && tier === undefined ? 'alias' : (`tier:${family.tier}` as const);
  return { because, models: [name, ...chosen, ...(built ?? family.models)] };
}

/** The owner's alias of that very name, else the closest of the owner's patterns; followed to what it stands for. */
function ownAlias(name: string, { aliases }: Names): Candidates | undefined {
  const exact = ownValue(aliases, name);
  const pattern = exact === undefined ? closestPattern(name, Object.keys(aliases)) : undefined;
  let model = exact ?? (pattern === undefined ? undefined : ownValue(aliases, pattern));
  if (model === undefined) return undefined;
  // The configuration has no loops; the count is for a map that somebody else made.
  for (let step = 0; step < 16; step++) {
    const next = ownValue(aliases, model);
    if (next === undefined) break;
    model = next;
  }
  const because = pattern === undefined ? 'alias' : (`pattern:${pattern}` as const);
  return { because, models: [model, ...(BUILT_IN.get(model) ?? [])] };
}

function reason(model: string, name: string, asked: string, because: Because): Because {
  if (model === asked) return 'asked';
  // Only the provider before the slash was taken off.
  return model === name ? 'alias' : because;
}

/** Names come from clients, and `constructor` is nobody's alias. */
function ownValue(map: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The ways to read a name: as it stands, then with the provider before the slash taken off. */
function readings(asked: string, names: Names): { name: string; surfaces: readonly NamedSurface[] }[] {
  const slash = asked.indexOf('/');
  const whole = { name: asked, surfaces: names.surfaces };
  if (slash < 1) return [whole];
  const prefix = asked.slice(0, slash).toLowerCase();
  const name = asked.slice(slash + 1);
  const named = names.surfaces.filter((surface) => surface.id === prefix);
  if (named.length > 0) return [{ name, surfaces: named }, whole];
  return PROVIDER_PREFIXES.includes(prefix) ? [whole, { name, surfaces: names.surfaces }] : [whole];
}

/** The models that have gone are followed to what serves instead; chains are short and end. */
function successorOf(id: string, surfaces: readonly NamedSurface[], catalogue: Catalogue) {
  let model = id;
  for (let step = 0; step < 4; step++) {
    const successor = factsOf(model)?.retired?.successor;
    if (successor === undefined) return undefined;
    model = successor;
    const targets = targetsOf(model, surfaces, catalogue, false);
    if (targets.length > 0) return { model, targets };
  }
  return undefined;
}

function targetsOf(model: string, surfaces: readonly NamedSurface[], catalogue: Catalogue, guess: boolean): Target[] {
  const targets: Target[] = [];
  for (const surface of surfaces) {
    if (surface.models && Object.keys(surface.models).length > 0) {
      const mapped = ownValue(surface.models, model) ?? mappedVariant(surface.models, surface.variantOf?.(model));
      const facts = factsOf(model) ?? (mapped === undefined ? undefined : factsOf(mapped));
      if (mapped !== undefined) targets.push({ surface: surface.id, model: mapped, facts });
      continue;
    }
    const serves = catalogue.serves(surface.id, model);
    if (serves === true || (guess && serves === 'unknown')) {
      const listed = catalogue.list(surface.id)?.get(model);
      targets.push({ surface: surface.id, model, facts: factsOf(model) ?? factsFromList(listed, surface.id) });
    } else {
      const { base = '', suffix = '' } = surface.variantOf?.(model) ?? {};
      const served = base !== '' && catalogue.serves(surface.id, base) === true;
      if (served) targets.push({ surface: surface.id, model: `${base}${suffix}`, facts: factsOf(base) });
    }
  }
  return targets;
}

function mappedVariant(models: Readonly<Record<string, string>>, variant: ModelVariant | undefined) {
  const mapped = variant && ownValue(models, variant.base);
  return mapped === undefined ? undefined : `${mapped}${variant?.suffix}`;
}

/** Every name that would resolve, for lists and for "did you mean". */
export function knownNames({ surfaces, aliases, catalogue }: Names): Set<string> {
  const known = new Set<string>();
  for (const surface of surfaces) {
    for (const name of Object.keys(surface.models ?? {})) known.add(name);
    for (const id of catalogue.list(surface.id)?.keys() ?? []) known.add(id);
    for (const model of MODELS) if (catalogue.serves(surface.id, model.id) === true) known.add(model.id);
  }
  for (const name of Object.keys(aliases)) if (!name.includes('*')) known.add(name);
  for (const name of BUILT_IN.keys()) known.add(name);
  return known;
}

function unknownModel(asked: string, names: Names): GatewayError {
  const facts = factsOf(asked);
  const shown = asked.length > 100 ? `${asked.slice(0, 100)}…` : asked;
  const near = nearest(asked, knownNames(names));
  const why = facts
    ? `it is served by ${facts.surfaces.join(', ')}, for which there is no credential`
    : 'nobody serves it';
  const advice = near.length > 0 ? ` Did you mean ${near.map((name) => `'${name}'`).join(', ')}?` : '';
  return new GatewayError('unknown_model', {
    message: `The model '${shown}' does not exist here: ${why}.${advice}`,
    param: 'model',
  });
}
