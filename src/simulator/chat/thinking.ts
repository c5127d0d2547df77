import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';
import type { ModelFacts } from './model-facts.ts';
import type { Thinking } from './request.ts';

const DEFAULT_EFFORT = 'max';

/** `thinking` and `reasoning_effort`, as each model takes them (platform docs, thinking and reasoning-effort pages; vendor's conformance tests). */
export function readThinking(body: JsonObject, model: ModelFacts): Thinking {
  const thinking = readObject(body['thinking']);
  const type = readType(thinking, model);
  checkMembers(thinking, model);
  const effort = readEffort(thinking?.['effort'] ?? body['reasoning_effort'], model);
  return { isOn: type !== 'disabled', effort };
}

function readObject(value: unknown): JsonObject | undefined {
  if (isAbsent(value)) return undefined;
  if (!isObject(value)) throw invalid('Invalid request: thinking must be an object');
  return value;
}

function readType(thinking: JsonObject | undefined, model: ModelFacts): 'enabled' | 'disabled' {
  const type = thinking?.['type'];
  if (thinking !== undefined && isAbsent(type) && model.thinking !== 'tolerated') {
    throw invalid('Invalid request: thinking.type is required');
  }
  if (isAbsent(type)) return 'enabled';
  if (model.thinking === 'only' && type !== 'enabled') {
    throw invalid('invalid thinking: only type=enabled is allowed for this model');
  }
  if (type === 'enabled' || type === 'disabled') return type;
  throw invalid('invalid thinking: only type=enabled and type=disabled are allowed for this model');
}

/** The sentences here are modelled on the one for `type`; the service's own were not seen. */
function checkMembers(thinking: JsonObject | undefined, model: ModelFacts): void {
  if (thinking === undefined) return;
  const known = model.efforts.length > 0 ? ['type', 'keep', 'effort'] : ['type', 'keep'];
  const unknown = Object.keys(thinking).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`invalid thinking: unknown member ${unknown}`);
  const keep = thinking['keep'];
  const isFine = keep === 'all' || keep === undefined || (keep === null && model.thinking !== 'only');
  if (!isFine) throw invalid('invalid thinking: only keep=all is allowed for this model');
}

/** K2 models take the member and ignore it; k3 knows three values (the sentence is the Responses face's). */
function readEffort(value: unknown, model: ModelFacts): string | undefined {
  if (model.efforts.length === 0) return undefined;
  if (isAbsent(value)) return DEFAULT_EFFORT;
  if (typeof value === 'string' && model.efforts.includes(value)) return value;
  throw invalid(`reasoning_effort value ${JSON.stringify(value)} is not supported`);
}
