import { callJson, memberOf } from './call-json.ts';
import type { Endpoint } from './endpoint.ts';
import type { Bilingual } from './language.ts';

/** A model or an alias as `GET /v1/models` lists it. */
export interface ListedModel {
  readonly id: string;
  readonly surfaces: readonly string[];
  readonly alias_of?: string;
  readonly context_length?: number;
}

/** What the gateway's credentials can use. Throws GatewayError. */
export async function modelsOf(endpoint: Endpoint): Promise<readonly ListedModel[]> {
  const data = memberOf(await callJson(endpoint, '/v1/models'), 'data');
  const entries: readonly unknown[] = Array.isArray(data) ? data : [];
  return entries.flatMap((entry) => {
    const model = toListed(entry);
    return model === undefined ? [] : [model];
  });
}

/** What a name stands for, in words. Throws GatewayError `unknown_model` with the nearest names. */
export async function checkModel(endpoint: Endpoint, name: string): Promise<Bilingual> {
  const model = toListed(await callJson(endpoint, `/v1/models/${encodeURIComponent(name)}`));
  if (model === undefined) return { en: name, zh: name };
  const { surfaces, alias_of: served } = model;
  const on = surfaces.length > 0 ? ` on ${surfaces.join(', ')}` : '';
  const places = surfaces.join('、');
  return served === undefined
    ? { en: `${name}${on}`, zh: places === '' ? name : `${name}（${places}）` }
    : { en: `${name} (${served}${on})`, zh: `${name}（${served}${places === '' ? '' : `，${places}`}）` };
}

/** The models, and the aliases in lines of their own; the current one is marked. */
export async function listModels(endpoint: Endpoint, current: string): Promise<string> {
  const all = await modelsOf(endpoint);
  const width = Math.max(...all.map(({ id }) => id.length), 0);
  const line = ({ id, surfaces, alias_of }: ListedModel) =>
    `${id === current ? '*' : ' '} ${id.padEnd(width)}  ${alias_of === undefined ? surfaces.join(', ') : `→ ${alias_of}`}`;
  const isAlias = (model: ListedModel) => model.alias_of !== undefined;
  const known = all.some(({ id }) => id === current) ? [] : [`* ${current}`];
  return [...known, ...all.filter((model) => !isAlias(model)).map(line), ...all.filter(isAlias).map(line)].join('\n');
}

function toListed(entry: unknown): ListedModel | undefined {
  if (typeof entry !== 'object' || entry === null || !('id' in entry) || typeof entry.id !== 'string') return undefined;
  const surfaces = 'surfaces' in entry && Array.isArray(entry.surfaces) ? entry.surfaces.map(String) : [];
  return {
    id: entry.id,
    surfaces,
    ...('alias_of' in entry && typeof entry.alias_of === 'string' ? { alias_of: entry.alias_of } : {}),
    ...('context_length' in entry && typeof entry.context_length === 'number'
      ? { context_length: entry.context_length }
      : {}),
  };
}
