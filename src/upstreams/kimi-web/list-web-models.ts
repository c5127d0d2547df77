import type { ListedModel } from '../../models/catalogue.ts';
import type { Place } from '../adapter.ts';
import { callWeb } from './web-call.ts';
import { SHOWN_SUFFIXES, WEB_MODELS, type WebModel } from './web-models.ts';
import { listAt, textAt, valueAt } from './wire-value.ts';

const METHOD = '/apiv2/kimi.gateway.config.v1.ConfigService/GetAvailableModels';

/** What the surface's own list has beyond the table (chopper1026/kimi2api; captures of 2026-09). */
export async function fetchWebModels(place: Place, token: string): Promise<WebModel[]> {
  const answer = await callWeb(place, { method: 'POST', path: METHOD, token, body: {} });
  const today = new Date(place.clock.now()).toISOString().slice(0, 10);
  const live = listAt(answer, 'availableModels').flatMap((item) => toModel(item, today));
  const taken = new Set(WEB_MODELS.flatMap(({ id, also }) => [id, ...also]));
  return live.filter(({ id }, index) => !taken.has(id) && live.findIndex((other) => other.id === id) === index);
}

function toModel(item: unknown, seen: string): WebModel[] {
  const id = textAt(item, 'key') ?? textAt(item, 'id');
  const scenario = textAt(item, 'scenario');
  if (id === undefined || id === '' || scenario === undefined) return [];
  const model = textAt(item, 'id');
  const kimiplusId = textAt(item, 'kimiPlusId');
  const agentMode = textAt(item, 'agentMode');
  return [
    {
      ...{ id, title: textAt(item, 'displayName') ?? id, also: [], source: 'the surface’s own list', seen },
      connect: {
        scenario,
        ...(model === undefined || model === '' ? {} : { model }),
        ...(kimiplusId === undefined || kimiplusId === '' ? {} : { kimiplusId }),
        ...(agentMode === undefined || agentMode === '' ? {} : { agentMode }),
      },
      thinking: valueAt(item, 'thinking') === true,
    },
  ];
}

/** As `/v1/models` shows them; `owned_by` as loudotdigital/kimi2api has it. */
export function listedModels(models: readonly WebModel[]): ListedModel[] {
  return models.flatMap(({ id, title }) =>
    // One that is called thinking does it without being told.
    ['', ...SHOWN_SUFFIXES.filter((suffix) => !(id.endsWith('-thinking') && suffix.includes('-thinking')))].map(
      (suffix) => ({
        ...{ id: `${id}${suffix}`, object: 'model', owned_by: 'kimi.ai' },
        display_name: suffix === '' ? title : `${title}, ${suffix.slice(1).replaceAll('-', ', ')}`,
      }),
    ),
  );
}
