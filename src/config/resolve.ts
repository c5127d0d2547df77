import type { z } from 'zod';
import { type CredentialPlace, checkPlace } from './credential-place.ts';
import { unknownNames } from './key-schema.ts';
import { checkModelNames } from './model-names.ts';
import { didYouMean } from './nearest.ts';
import type { Path } from './problem.ts';
import type { Settings } from './schema.ts';
import type { Secret } from './secret.ts';
import { AUTH_URLS, BASE_URLS, KNOWN_SURFACES, knownSurface, type Region, type SurfaceType } from './surface-kinds.ts';
import type { SurfaceSettings } from './surface-schema.ts';

export type Report = (path: Path, message: string) => void;
type CredentialSettings = SurfaceSettings['credentials'][number][number];

export interface Credential extends Omit<CredentialSettings, 'name' | 'headers'> {
  readonly name: string;
  readonly headers: Readonly<Record<string, Secret>>;
}

export interface Surface
  extends Omit<SurfaceSettings, 'type' | 'base_url' | 'region' | 'credentials' | 'headers' | 'timeouts'> {
  readonly id: string;
  readonly type: SurfaceType;
  readonly base_url: string;
  /** Which account system; a compatible surface has none. */
  readonly region: Region | undefined;
  readonly credentials: readonly Credential[];
  readonly headers: Readonly<Record<string, Secret>>;
  /** The general waits, overridden by the surface's own. */
  readonly timeouts: Settings['timeouts'];
}

/** Surface ids by the name of the route; `default` is always there. */
export interface Routes {
  readonly [name: string]: readonly string[];
  readonly default: readonly string[];
}

/** The web chat is a person's account: a few calls at once look like one person, many do not. */
const WEB_CONCURRENCY = 2;

export function toConfig(settings: Settings, context: z.core.$RefinementCtx<Settings>) {
  const report: Report = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  const surfaces = toSurfaces(settings, report);
  const placed = Object.values(surfaces).flatMap((surface) => surface.credentials.map(({ secret }) => secret));
  const undecided = settings.undecided.flatMap((list, index) => {
    for (const secret of list) {
      checkPlace({ secret }, { id: '', type: 'moonshot' }, (message) => report(['undecided', index], message));
    }
    return list;
  });
  const routes = toRoutes(settings, surfaces, report);
  checkModelNames(settings, surfaces, report);
  return {
    ...settings,
    surfaces,
    // A file that names the key's place has decided, even when the variable is the one that leaves it open.
    undecided: distinct(undecided.filter((secret) => !placed.some((other) => other.equals(secret)))),
    routes,
    keys: toKeys(settings, routes, surfaces, report),
  };
}

function toSurfaces(settings: Settings, report: Report): Readonly<Record<string, Surface>> {
  const ids = [...KNOWN_SURFACES.map(({ id }) => id), ...Object.keys(settings.surfaces)];
  // The web chat comes last wherever nobody says otherwise: it is the slowest and the most easily offended.
  const ordered = [...new Set(ids)].sort((left, right) => Number(left === 'kimi-web') - Number(right === 'kimi-web'));
  const surfaces: Record<string, Surface> = {};
  for (const id of ordered) {
    const written = (Object.hasOwn(settings.surfaces, id) ? settings.surfaces[id] : undefined) ?? EMPTY;
    const surface = toSurface(id, written, settings, (path, message) => report(['surfaces', id, ...path], message));
    if (surface !== undefined) surfaces[id] = surface;
  }
  return surfaces;
}

/** A well-known surface that nobody mentions is still there: a credential may be added at run time. */
const EMPTY: SurfaceSettings = {
  enabled: true,
  face: 'auto',
  protocol: 'auto',
  credentials: [],
  models: {},
  prices: [],
  timeouts: {},
  web_search: 'none',
  web: { tools: 'off', search: true, sources: 'annotations', cleanup: 'keep' },
};

function toSurface(id: string, written: SurfaceSettings, settings: Settings, report: Report): Surface | undefined {
  const known = knownSurface(id);
  const type = written.type ?? known?.type;
  if (type === undefined) {
    const ids = KNOWN_SURFACES.map((surface) => surface.id);
    report(
      [],
      `is not a well-known surface and has no \`type\`; an OpenAI-compatible one needs type: compatible and base_url.${didYouMean(id, ids)}`,
    );
    return undefined;
  }
  if (known !== undefined && type !== known.type) {
    report(['type'], `is always ${known.type} for ${id}; choose another id for a ${type} surface`);
  }
  const fixed = known?.type === 'moonshot' ? known.region : undefined;
  if (fixed !== undefined && written.region !== undefined && written.region !== fixed) {
    report(
      ['region'],
      `is always ${fixed} for ${id}; use ${fixed === 'cn' ? 'moonshot-ai' : 'moonshot-cn'} for the other one`,
    );
  }
  const region = type === 'compatible' ? undefined : (written.region ?? known?.region ?? 'cn');
  const base_url = written.base_url === undefined ? defaultBaseUrl(type, region) : plainBaseUrl(type, written.base_url);
  if (base_url === undefined) report([], 'needs a `base_url`, such as https://openrouter.ai/api/v1');
  const { credentials, headers, timeouts, ...rest } = written;
  const auth_url = written.auth_url ?? written.base_url ?? AUTH_URLS[region ?? 'cn'];
  const concurrency = written.concurrency ?? (type === 'kimi-web' ? WEB_CONCURRENCY : undefined);
  return {
    ...rest,
    ...(type === 'kimi-web' ? { auth_url } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
    id,
    type,
    base_url: base_url ?? '',
    region,
    credentials: toCredentials({ place: { id, type, base_url }, lists: credentials, report }),
    headers: headers ?? {},
    timeouts: { ...settings.timeouts, ...defined(timeouts) },
  };
}

const defaultBaseUrl = (type: SurfaceType, region: Region | undefined) => BASE_URLS[type]?.[region ?? 'cn'];

/** The first seed writes Kimi Code with /v1, others write the platform without; both mean the same place. */
function plainBaseUrl(type: SurfaceType, url: string): string {
  if (type === 'kimi-code') return url.replace(/\/v1$/, '');
  return type === 'moonshot' && new URL(url).pathname === '/' ? `${url}/v1` : url;
}

interface CredentialLists {
  readonly place: CredentialPlace;
  readonly lists: SurfaceSettings['credentials'];
  readonly report: Report;
}

function toCredentials({ place, lists, report }: CredentialLists): readonly Credential[] {
  const result: Credential[] = [];
  for (const [index, list] of lists.entries()) {
    const path = ['credentials', index];
    for (const [part, { name, headers, ...rest }] of list.entries()) {
      checkPlace(rest, place, (message) => report(path, message));
      if (result.some(({ secret }) => secret.equals(rest.secret))) continue;
      const own = name === undefined || list.length === 1 ? name : `${name}-${part + 1}`;
      if (own !== undefined && result.some((other) => other.name === own))
        report([...path, 'name'], `"${own}" is used twice`);
      result.push({ ...rest, name: own ?? `${place.id}-${result.length + 1}`, headers: headers ?? {} });
    }
  }
  return result;
}

function toRoutes(settings: Settings, surfaces: Readonly<Record<string, Surface>>, report: Report): Routes {
  const ids = Object.keys(surfaces);
  for (const [route, list] of Object.entries(settings.routes)) {
    for (const [index, id] of list.entries()) {
      if (!Object.hasOwn(surfaces, id) && !Object.hasOwn(settings.surfaces, id)) {
        report(
          ['routes', route, index],
          `there is no surface "${id}".${didYouMean(id, ids) || ` There are: ${ids.join(', ')}.`}`,
        );
      }
    }
  }
  const enabled = ids.filter((id) => surfaces[id]?.enabled === true);
  return { ...settings.routes, default: settings.routes['default'] ?? enabled };
}

function toKeys(settings: Settings, routes: Routes, surfaces: Readonly<Record<string, Surface>>, report: Report) {
  const names = new Set<string>();
  const seen: Secret[] = [];
  return settings.keys.map((key, index) => {
    const name = key.name ?? `key-${index + 1}`;
    if (names.has(name)) report(['keys', index, 'name'], `"${name}" is used twice; a name tells whose key it is`);
    if (seen.some((other) => other.equals(key.key))) report(['keys', index, 'key'], 'is the key of an earlier entry');
    for (const { path, what, name: unknown } of unknownNames(key, { routes, surfaces })) {
      const known = Object.keys(what === 'route' ? routes : surfaces);
      report(['keys', index, ...path], `there is no ${what} "${unknown}".${didYouMean(unknown, known)}`);
    }
    if (name === 'local')
      report(['keys', index, 'name'], '"local" means in logs that no key was needed; choose another');
    names.add(name);
    seen.push(key.key);
    return { ...key, name };
  });
}

const distinct = (list: readonly Secret[]): readonly Secret[] =>
  list.filter((secret, index) => list.findIndex((other) => other.equals(secret)) === index);

function defined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
