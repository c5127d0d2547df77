import type { ChatRequest } from '../../chat/chat.ts';

/** How much thinking a request asks for, in one vocabulary: OpenAI's words and Kimi's `max`, weakest first. */
const LEVELS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
type Level = (typeof LEVELS)[number];

/** Other words for a level. */
const SYNONYMS: Readonly<Record<string, Level>> = {
  off: 'none',
  disabled: 'none',
  false: 'none',
  on: 'medium',
  enabled: 'medium',
  maximum: 'max',
  ultra: 'max',
};

/** Members that say it, besides `thinking` and `reasoning_effort`, in other vendors' schemas. */
export const FOREIGN_WISHES = [
  'reasoning',
  'enable_thinking',
  'chat_template_kwargs',
  'thinking_budget',
  'output_config',
] as const;

export interface ThinkingWish {
  /** Undefined if the request leaves it to the model, or says it in words that nobody knows. */
  readonly level: Level | undefined;
  /** Thinking was switched on in so many words. */
  readonly on: boolean;
}

/**
 * What a request asks for. A plain "off" wins over any effort; among efforts the one in `thinking` wins, as it does at
 * the surface (Kimi-Vendor-Verifier, test_thinking_effort). `adaptive` alone asks for nothing.
 */
export function wishOf(request: ChatRequest): ThinkingWish {
  const thinking = membersOf(request.thinking);
  const reasoning = membersOf(request['reasoning']);
  const template = membersOf(request['chat_template_kwargs']);
  const switches = [
    typeof request.thinking === 'boolean' ? request.thinking : undefined,
    thinking['type'] === 'disabled' ? false : thinking['type'] === 'enabled' ? true : undefined,
    asBoolean(request['enable_thinking']),
    asBoolean(template['thinking']),
    asBoolean(template['enable_thinking']),
    asBoolean(reasoning['enabled']),
  ];
  if (switches.includes(false)) return { level: 'none', on: false };
  const level =
    toLevel(thinking['effort']) ??
    toLevel(request.reasoning_effort) ??
    toLevel(reasoning['effort']) ??
    toLevel(membersOf(request['output_config'])['effort']) ??
    ofBudget(thinking['budget_tokens'] ?? reasoning['max_tokens'] ?? request['thinking_budget']);
  return { level, on: switches.includes(true) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function toLevel(value: unknown): Level | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return LEVELS.find((level) => level === word) ?? SYNONYMS[word];
}

/** Budgets of Anthropic-like clients: `think` is about 4,000 tokens there, the highest step 32,000. */
function ofBudget(value: unknown): Level | undefined {
  if (typeof value !== 'number') return undefined;
  if (value <= 0) return 'none';
  if (value < 4_096) return 'low';
  return value < 31_999 ? 'high' : 'max';
}

/** The nearest of the model's own efforts: what is weaker than all of them becomes the weakest. */
export function nearestEffort(level: Level, efforts: readonly string[]): string | undefined {
  const order: readonly string[] = LEVELS;
  return efforts.find((effort) => order.indexOf(effort) >= order.indexOf(level)) ?? efforts.at(-1);
}
