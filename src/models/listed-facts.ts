import type { ListedModel } from './catalogue.ts';
import type { ModelFacts, Sampling, Thinking } from './facts.ts';

/**
 * What a surface's own list tells of a model that no row of facts.ts knows, so that a new one is spoken to like its kin.
 * Undefined where the list has not the members of Kimi's (`supports_reasoning`, `supports_thinking_type`,
 * `reasoning_efforts`; MoonshotAI/kimi-code packages/oauth).
 */
export function factsFromList(listed: ListedModel | undefined, surface: string): ModelFacts | undefined {
  if (listed === undefined) return undefined;
  const thinking = thinkingOf(listed);
  if (thinking === undefined) return undefined;
  const efforts = effortsOf(listed);
  const context = typeof listed.context_length === 'number' ? listed.context_length : SMALLEST_LIVE_WINDOW;
  return {
    id: listed.id,
    surfaces: [surface],
    family: familyOf(thinking, efforts),
    sampling: thinking === 'none' ? RANGE : FIXED,
    thinking,
    efforts,
    context,
    maxOutput: context,
    input: [
      'text',
      ...(listed['supports_image_in'] === true ? (['image'] as const) : []),
      ...(listed['supports_video_in'] === true ? (['video'] as const) : []),
    ],
    prices: [],
    source: `the model list of ${surface}`,
    seen: 'now',
  };
}

const SMALLEST_LIVE_WINDOW = 262_144;
/** Every live model fixes them; what is left out always works. */
const FIXED: Sampling = { kind: 'fixed', temperature: { thinking: 1, plain: 0.6 }, topP: 0.95 };
const RANGE: Sampling = { kind: 'range' };
const WEAKEST_FIRST = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const SWITCHES: Readonly<Record<string, Thinking>> = { only: 'always', both: 'toggle', no: 'none' };

function thinkingOf(listed: ListedModel): Thinking | undefined {
  const told = SWITCHES[String(listed['supports_thinking_type'])];
  if (told !== undefined) return told;
  const reasons = listed['supports_reasoning'];
  return typeof reasons === 'boolean' ? (reasons ? 'always' : 'none') : undefined;
}

function effortsOf(listed: ListedModel): readonly string[] {
  const holder = listed['reasoning_efforts'] ?? listed['think_efforts'];
  const valid = typeof holder === 'object' && holder !== null && 'valid_efforts' in holder ? holder.valid_efforts : [];
  return WEAKEST_FIRST.filter((effort) => Array.isArray(valid) && valid.includes(effort));
}

function familyOf(thinking: Thinking, efforts: readonly string[]): ModelFacts['family'] {
  if (efforts.length > 0) return 'k3';
  if (thinking === 'toggle') return 'k2-toggle';
  return thinking === 'always' ? 'k2-thinking' : 'k2-plain';
}
