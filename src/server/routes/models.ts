import { GatewayError } from '../../errors.ts';
import { ALIASES } from '../../models/aliases.ts';
import { factsOf, MODELS } from '../../models/facts.ts';
import { type Inbound, isAnthropicClient, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import type { PathParameters } from '../router.ts';
import { scopeOf } from '../scope.ts';
import { toAnthropicList, toAnthropicModel } from './anthropic-models.ts';

const NOBODY: ReadonlySet<string> = new Set();

interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly [member: string]: unknown;
}

/** GET /v1/models: what the configured credentials can use, each model with the surfaces that serve it, then aliases. */
export async function listModels(inbound: Inbound, context: RouteContext): Promise<Reply> {
  await context.runtime.ready;
  const models = [...allModels(context).values()];
  if (isAnthropicClient(inbound)) return jsonReply(200, toAnthropicList(models, inbound.query));
  return jsonReply(200, { object: 'list', data: models });
}

/** GET /v1/models/{id}; the id may hold slashes. */
export async function showModel(inbound: Inbound, context: RouteContext, { id = '' }: PathParameters): Promise<Reply> {
  await context.runtime.ready;
  const model = allModels(context).get(id) ?? named(id, context);
  return jsonReply(200, isAnthropicClient(inbound) ? toAnthropicModel(model) : model);
}

/** A name that is not on the list and resolves all the same. */
function named(id: string, context: RouteContext): ModelObject {
  const { model, targets } = scopeOf(context).resolve(id);
  const surfaces = targets.map(({ surface }) => surface);
  return describe(id, surfaces, context, model);
}

function allModels(context: RouteContext): ReadonlyMap<string, ModelObject> {
  const { runtime } = context;
  const scope = scopeOf(context);
  if (scope.advice !== undefined) throw new GatewayError('no_credentials', { message: scope.advice });
  const { surfaces, aliases, catalogue } = scope.names();
  const served = new Map<string, string[]>();
  const add = (id: string, surface: string) => served.set(id, [...(served.get(id) ?? []), surface]);
  // One whose credentials are all switched off or out of use offers nothing.
  const offers = (surface: string) => runtime.pool.hasOther({ surface }, NOBODY, Number.MAX_VALUE);
  for (const surface of surfaces) {
    if (!offers(surface.id)) continue;
    if (surface.models) for (const name of Object.keys(surface.models)) add(name, surface.id);
    else if (catalogue.list(surface.id)) for (const id of catalogue.list(surface.id)?.keys() ?? []) add(id, surface.id);
    else for (const { id } of MODELS) if (catalogue.serves(surface.id, id) === true) add(id, surface.id);
  }
  const models = new Map<string, ModelObject>();
  for (const [id, on] of served) {
    const target = context.key ? resolved(id, context) : { surfaces: on };
    if (target) models.set(id, describe(id, target.surfaces, context));
  }
  for (const alias of [
    ...Object.keys(aliases).filter((name) => !name.includes('*')),
    ...ALIASES.map(({ name }) => name),
  ]) {
    if (models.has(alias)) continue;
    const target = resolved(alias, context);
    const serving = target?.surfaces.filter(offers) ?? [];
    if (target && serving.length > 0) models.set(alias, describe(alias, serving, context, target.model));
  }
  return models;
}

function resolved(alias: string, context: RouteContext) {
  try {
    const { model, targets } = scopeOf(context).resolve(alias);
    return { model, surfaces: targets.map(({ surface }) => surface) };
  } catch {
    return undefined; // none of its models is served here
  }
}

function describe(id: string, surfaces: readonly string[], context: RouteContext, aliasOf?: string): ModelObject {
  const model = aliasOf ?? id;
  const listed = surfaces.map((surface) => context.runtime.catalogue.list(surface)?.get(model)).find(Boolean);
  const facts = factsOf(model);
  return {
    ...listed,
    id,
    object: 'model',
    created: listed?.created ?? 0,
    owned_by: listed?.owned_by ?? 'moonshot',
    ...(listed?.context_length === undefined && facts ? { context_length: facts.context } : {}),
    surfaces,
    ...(aliasOf === undefined || aliasOf === id ? {} : { alias_of: aliasOf }),
  };
}
