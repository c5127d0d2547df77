import { ALIASES, PROVIDER_PREFIXES } from '../models/aliases.ts';
import { MODELS } from '../models/facts.ts';
import { NAME_PATTERN } from '../models/name-pattern.ts';
import { didYouMean } from './nearest.ts';
import type { Report, Surface } from './resolve.ts';
import type { Settings } from './schema.ts';

type Surfaces = Readonly<Record<string, Surface>>;

/** Aliases and tiers must lead to a model: a slip would otherwise show up as a 404 of somebody's first request. */
export function checkModelNames({ aliases, model_tiers }: Settings, surfaces: Surfaces, report: Report): void {
  const known = new Set([
    ...MODELS.map(({ id }) => id),
    ...ALIASES.map(({ name }) => name),
    ...Object.values(surfaces).flatMap(({ models }) => Object.keys(models)),
    ...Object.keys(aliases).filter((alias) => !alias.includes('*')),
  ]);
  const check = (path: readonly string[], name: string) => {
    if (tellsItsOwnNames(surfaces) || isKnown(name, known, surfaces)) return;
    report(
      path,
      `names no model that is known: ${name}.${didYouMean(
        name,
        [...known].filter((other) => other !== path.at(-1)),
      )} If a surface lists it, write it with that surface, such as moonshot-cn/${name}`,
    );
  };
  for (const [alias, name] of Object.entries(aliases)) {
    if (alias.includes('*') && !NAME_PATTERN.test(alias)) {
      report(['aliases', alias], 'is a pattern, and those are made of the characters of model names and *');
    } else if (!checkLoop(alias, aliases, report)) check(['aliases', alias], name);
  }
  for (const [tier, name] of Object.entries(model_tiers)) if (name !== undefined) check(['model_tiers', tier], name);
}

/** Surfaces whose model names nobody but they themselves know. */
function tellsItsOwnNames(surfaces: Surfaces): boolean {
  return Object.values(surfaces).some(({ enabled, credentials, type, models, base_url }) => {
    if (!enabled || (credentials.length === 0 && type !== 'compatible')) return false;
    if (type === 'compatible' || type === 'kimi-web') return Object.keys(models).length === 0;
    return !/^https:\/\/[^/]*\b(moonshot|kimi)\.(cn|ai|com)(\/|$)/.test(base_url);
  });
}

function isKnown(name: string, known: ReadonlySet<string>, surfaces: Surfaces): boolean {
  if (known.has(name)) return true;
  const slash = name.indexOf('/');
  if (slash < 1) return false;
  const prefix = name.slice(0, slash);
  if (Object.hasOwn(surfaces, prefix)) return name.length > slash + 1;
  return PROVIDER_PREFIXES.includes(prefix) && known.has(name.slice(slash + 1));
}

/** True if it leads back to itself, which is reported. */
function checkLoop(alias: string, aliases: Settings['aliases'], report: Report): boolean {
  const seen = new Set([alias]);
  let next = aliases[alias];
  while (next !== undefined) {
    if (seen.has(next)) {
      report(['aliases', alias], `leads back to itself (${[...seen, next].join(' → ')}); name a model`);
      return true;
    }
    seen.add(next);
    next = Object.hasOwn(aliases, next) ? aliases[next] : undefined;
  }
  return false;
}
