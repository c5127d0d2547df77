import type { ModelFacts } from '../chat/model-facts.ts';

const M = 1_048_576;
const K256 = 262_144;
/** `medium` runs as high and `xhigh` as max here; off and unknown ones are refused (dev.to/aihubmix, October 2026). */
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const COMMON = { thinking: 'only', image: true, created: 1_792_800_000, dynamicTools: true, series: 'k3' } as const;
const PLAIN = { ...COMMON, video: false, efforts: EFFORTS };

/** The six ids of the coding subscription (public catalogue of November 2026). Video was at times refused: MoonshotAI/kimi-cli #788. */
export const CODE_MODELS: readonly ModelFacts[] = [
  { ...PLAIN, id: 'k3.1-pro', contextLength: M, defaultCap: 131_072 },
  { ...PLAIN, id: 'k3.1-pro-highspeed', contextLength: M, defaultCap: 131_072 },
  { ...PLAIN, id: 'k3', contextLength: M, defaultCap: 131_072 },
  { ...PLAIN, id: 'k3-256k', contextLength: K256, defaultCap: 131_072 },
  { ...PLAIN, id: 'kimi-for-coding', contextLength: M, defaultCap: 32_768 },
  { ...PLAIN, id: 'kimi-for-coding-highspeed', contextLength: K256, defaultCap: 32_768, efforts: [], series: 'k2' },
];

export function codeModelRecord(model: ModelFacts): Record<string, unknown> {
  const hasEffort = model.efforts.length > 0;
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: 'moonshot',
    display_name: model.id,
    context_length: model.contextLength,
    supports_image_in: model.image,
    supports_video_in: model.video,
    supports_reasoning: true,
    supports_thinking_type: 'only',
    ...(hasEffort
      ? { think_efforts: { support: true, valid_efforts: ['low', 'high', 'max'], default_effort: 'high' } }
      : {}),
  };
}
