import type { ModelFacts } from '../chat/model-facts.ts';

const M = 1_048_576;
const K256 = 262_144;
const EFFORTS = ['low', 'high', 'max'];
const K3 = { thinking: 'tolerated', efforts: EFFORTS, dynamicTools: true, contextLength: M, series: 'k3' } as const;
const K2 = { efforts: [], dynamicTools: false, contextLength: K256, series: 'k2', image: true, video: true } as const;

/**
 * The six ids that are live in November 2026 (platform docs, model list; public catalogues of the same month).
 * Video on kimi-k3.1-pro is documented nowhere, so it is refused here.
 */
export const MODELS: readonly ModelFacts[] = [
  { ...K3, id: 'kimi-k3.1-pro', created: 1_792_800_000, defaultCap: M, image: true, video: false },
  { ...K3, id: 'kimi-k3.1-pro-highspeed', created: 1_792_800_000, defaultCap: M, image: true, video: false },
  { ...K3, id: 'kimi-k3', created: 1_784_160_000, defaultCap: 131_072, image: true, video: true },
  { ...K2, id: 'kimi-k2.7-code', created: 1_781_222_400, defaultCap: K256, thinking: 'only' },
  { ...K2, id: 'kimi-k2.7-code-highspeed', created: 1_781_222_400, defaultCap: K256, thinking: 'only' },
  { ...K2, id: 'kimi-k2.6', created: 1_776_643_200, defaultCap: K256, thinking: 'both' },
];

/** Gone since the date beside them; each answers the 404 of an unknown id (platform docs; measured September 2026). */
export const RETIRED_MODELS: Readonly<Record<string, string>> = {
  'kimi-latest': '2026-01-28',
  'kimi-thinking-preview': '2026-01-28',
  'kimi-k2-0711-preview': '2026-05-25',
  'kimi-k2-0905-preview': '2026-05-25',
  'kimi-k2-turbo-preview': '2026-05-25',
  'kimi-k2-thinking': '2026-05-25',
  'kimi-k2-thinking-turbo': '2026-05-25',
  'kimi-k2.5': '2026-08-31',
  'moonshot-v1-8k': '2026-08-31',
  'moonshot-v1-32k': '2026-08-31',
  'moonshot-v1-128k': '2026-08-31',
  'moonshot-v1-auto': '2026-08-31',
  'moonshot-v1-8k-vision-preview': '2026-08-31',
  'moonshot-v1-32k-vision-preview': '2026-08-31',
  'moonshot-v1-128k-vision-preview': '2026-08-31',
};

/** Retired models as they were: sampling in ranges, several choices, no thinking (platform openapi.json, K2.6 copy). */
export function oldModels(ids: readonly string[]): readonly ModelFacts[] {
  return ids.map((id) => {
    const thousands = Number(/-(\d+)k/.exec(id)?.[1] ?? 128);
    const contextLength = thousands * 1_024;
    const isVision = id.includes('vision');
    return {
      ...{ id, created: 1_700_000_000, contextLength, defaultCap: 1_024, thinking: 'none', efforts: [] },
      ...{ sampling: 'range', image: isVision, video: false, dynamicTools: false, series: 'k2' },
    };
  });
}

/** `old`: the retired models that are still served. */
export function findModel(id: string, old: readonly string[]): ModelFacts | undefined {
  return [...MODELS, ...oldModels(old.filter((known) => known === id))].find((model) => model.id === id);
}

const THINKING_TYPES = { both: 'both', only: 'only', tolerated: 'only', none: 'no' } as const;

/** An item of `GET /v1/models`, with the newer members that official clients read. */
export function modelRecord(model: ModelFacts): Record<string, unknown> {
  const efforts = { support: true, valid_efforts: model.efforts, default_effort: 'max' };
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: 'moonshot',
    permission: [],
    root: '',
    parent: '',
    context_length: model.contextLength,
    supports_image_in: model.image,
    supports_video_in: model.video,
    supports_reasoning: model.thinking !== 'none',
    supports_dynamic_tools: model.dynamicTools,
    supports_thinking_type: THINKING_TYPES[model.thinking],
    ...(model.efforts.length > 0 ? { reasoning_efforts: efforts, think_efforts: efforts } : {}),
  };
}
