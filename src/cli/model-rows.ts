import { ALIASES } from '../models/aliases.ts';
import { factsOf, MODELS, type Price, type Thinking } from '../models/facts.ts';
import type { ListedModel } from './models-of.ts';

/** A model as `moongate models` shows it. */
export interface ModelRow {
  readonly id: string;
  readonly context: number | undefined;
  readonly prices: readonly Price[];
  /** What it takes besides text. */
  readonly input: readonly string[];
  readonly thinking: Thinking | undefined;
  readonly efforts: readonly string[];
  readonly surfaces: readonly string[];
  readonly retired: { readonly on: string; readonly successor: string } | undefined;
}

export interface AliasRow {
  readonly name: string;
  /** What it stands for, the first choice first. */
  readonly models: readonly string[];
}

/** What a gateway lists, with what the catalogue knows of it. */
export function usableModels(listed: readonly ListedModel[]): {
  models: readonly ModelRow[];
  aliases: readonly AliasRow[];
} {
  return {
    models: listed
      .filter(({ alias_of }) => alias_of === undefined)
      .map(({ id, surfaces, context_length }) => ({
        ...catalogueRow(id),
        surfaces,
        context: context_length ?? factsOf(id)?.context,
      })),
    aliases: listed.flatMap(({ id, alias_of }) => (alias_of === undefined ? [] : [{ name: id, models: [alias_of] }])),
  };
}

/** Everything the catalogue knows, whoever may use it. */
export function allModels(): { models: readonly ModelRow[]; aliases: readonly AliasRow[] } {
  return { models: MODELS.map(({ id }) => catalogueRow(id)), aliases: ALIASES };
}

function catalogueRow(id: string): ModelRow {
  const facts = factsOf(id);
  return {
    id,
    context: facts?.context,
    prices: facts?.prices ?? [],
    input: facts?.input ?? [],
    thinking: facts?.thinking,
    efforts: facts?.efforts ?? [],
    surfaces: facts?.surfaces ?? [],
    retired: facts?.retired,
  };
}
