import type { ModelFacts } from '../../models/facts.ts';

/** Below this a temperature counts as 0. The documentation says "close to 0". */
const COLD = 0.001;

/** Whether a call gives one choice, whatever it asks for: always on the live models, on older ones near temperature 0. */
export function givesOneChoice(model: ModelFacts | undefined, temperature: unknown): boolean {
  if (model?.sampling.kind === 'fixed') return true;
  return model?.sampling.kind === 'range' && typeof temperature === 'number' && temperature < COLD;
}
