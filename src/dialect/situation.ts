import type { ModelFacts } from '../models/facts.ts';
import type { Situation, SurfaceKind } from './rule.ts';

/** Whether the model thinks before it answers, given the request's `thinking` member. */
export function situationOf(surface: SurfaceKind, model: ModelFacts | undefined, thinking: unknown): Situation {
  return { surface, model, thinking: willThink(model, thinking) };
}

function willThink(model: ModelFacts | undefined, thinking: unknown): boolean {
  if (model === undefined || model.thinking === 'none') return false;
  if (model.thinking === 'always') return true;
  return !(typeof thinking === 'object' && thinking !== null && 'type' in thinking && thinking.type === 'disabled');
}
