import { ALIASES, PROVIDER_PREFIXES } from '../../../models/aliases.ts';
import { factsOf, type ModelFacts } from '../../../models/facts.ts';
import { familyOf } from '../../../models/foreign-families.ts';
import { candidates } from '../syntax/program.ts';
import type { OpenAiCode } from './openai-code.ts';
import type { Request } from './requests.ts';

export interface KnownModel {
  readonly is: 'live' | 'retired' | 'foreign';
  /** What serves instead, or the model itself. */
  readonly model: string;
  readonly facts: ModelFacts | undefined;
}

/** Names of other vendors that the gateway has no alias for. */
const FOREIGN =
  /^(?:ft:)?(?:gpt-|chatgpt-|o[134](?:-|$)|claude-|gemini-|deepseek-|codex-|text-davinci|davinci|grok-|qwen|llama-|mistral-|mixtral)/i;
const PLATFORM = 'moonshot-cn';
const GENERAL = 'kimi-k2.6';

/** What a name means to Kimi; undefined for one that nobody knows, which may be the owner's own. */
export function knownModel(name: string): KnownModel | undefined {
  const [prefix = '', ...rest] = name.split('/');
  const id = rest.length > 0 && PROVIDER_PREFIXES.includes(prefix) ? rest.join('/') : name;
  const facts = factsOf(id);
  if (facts?.retired) return { is: 'retired', model: facts.retired.successor, facts: factsOf(facts.retired.successor) };
  if (facts) return { is: 'live', model: id, facts };
  if (!FOREIGN.test(id)) return undefined;
  const models = ALIASES.find((alias) => alias.name === id)?.models ?? familyOf(id)?.models ?? [];
  const model = models.find((candidate) => factsOf(candidate)?.surfaces.includes(PLATFORM)) ?? GENERAL;
  return { is: 'foreign', model, facts: factsOf(model) };
}

/** The live model that would serve a request; undefined if the code does not tell. */
export function servingModel({ program }: OpenAiCode, { options }: Request): ModelFacts | undefined {
  const option = options.get('model');
  if (option === undefined) return undefined;
  for (const value of candidates(program, option.value)) {
    const known = value.kind === 'text' ? knownModel(value.value) : undefined;
    if (known) return known.facts;
  }
  return undefined;
}

/** Whether the request switches thinking off, as far as the code tells. */
export function isPlain({ options }: Request, facts: ModelFacts | undefined): boolean {
  const thinking = options.get('thinking')?.literal;
  if (facts?.thinking !== 'toggle' || thinking?.kind !== 'record') return false;
  const type = thinking.entries.find(({ name }) => name === 'type')?.value;
  return type?.kind === 'text' && type.value === 'disabled';
}
