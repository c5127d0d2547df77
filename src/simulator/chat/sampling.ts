import { isAbsent, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';
import type { ModelFacts } from './model-facts.ts';
import type { Thinking } from './request.ts';

const TEMPERATURE_WITHOUT_THINKING = 0.6;
const PENALTIES = { presence_penalty: 0, frequency_penalty: 0 };

/** How many choices are asked for, if the sampling parameters are such as the model takes. */
export function checkSampling(body: JsonObject, thinking: Thinking, model: ModelFacts): number {
  if (model.sampling === 'range') return checkRanges(body);
  checkFixed(body, thinking);
  return 1;
}

/** Every live model fixes these; the fixed value itself passes (platform docs; measured September 2026; HKUDS/nanobot PR 202). */
function checkFixed(body: JsonObject, thinking: Thinking): void {
  const fixed = { temperature: thinking.isOn ? 1 : TEMPERATURE_WITHOUT_THINKING, top_p: 0.95, n: 1, ...PENALTIES };
  for (const [name, only] of Object.entries(fixed)) {
    const value = body[name];
    if (isAbsent(value)) continue;
    if (typeof value !== 'number') throw invalid(`Invalid request: ${name} must be a number`);
    if (Math.abs(value - only) > 1e-9) throw invalid(`invalid ${name}: only ${only} is allowed for this model`);
  }
}

/** The retired models (platform openapi.json, K2.6 copy; migration guide from OpenAI to Kimi). The sentences are ours. */
const RANGES = { temperature: [0, 1], top_p: [0, 1], n: [1, 5], presence_penalty: [-2, 2], frequency_penalty: [-2, 2] };
/** "Close to 0", says the guide. */
const COLD = 0.001;

function checkRanges(body: JsonObject): number {
  for (const [name, [least = 0, most = 0]] of Object.entries(RANGES)) {
    const value = body[name];
    if (isAbsent(value)) continue;
    if (typeof value !== 'number') throw invalid(`Invalid request: ${name} must be a number`);
    if (value < least || value > most) throw invalid(`invalid ${name}: must be between ${least} and ${most}`);
  }
  const { temperature, n } = body;
  const choices = typeof n === 'number' ? n : 1;
  if (!Number.isInteger(choices)) throw invalid('Invalid request: n must be an integer');
  if (typeof temperature === 'number' && temperature < COLD && choices > 1) {
    throw invalid('invalid temperature: n must be 1 when it is close to 0');
  }
  return choices;
}
