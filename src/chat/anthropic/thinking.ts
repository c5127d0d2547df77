import type { ChatRequest } from '../chat.ts';
import { given, isObject, type JsonObject, orNothing, rest } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { carriedOf } from './carried.ts';
import type { MessagesRequest } from './messages.ts';

/** What the codec must know of the model behind a face; `ModelFacts` has these members. */
export interface FaceFacts {
  /** Sent where the client set no cap, since Anthropic's shape requires one. */
  readonly maxOutput: number;
  /** The model's efforts, weakest first; an empty list: it has none. Unknown: what the client said is passed on. */
  readonly efforts?: readonly string[];
}

/** Kimi has no thinking budget, only efforts (platform docs); the words are Kimi's own. */
function effortOfBudget(tokens: number): string {
  if (tokens < 4_096) return 'low';
  return tokens < 24_576 ? 'high' : 'max';
}

export interface HubThinking {
  readonly members: JsonObject;
  /** What goes into our own member. */
  readonly carried: JsonObject;
}

/** `thinking` and `output_config` as `thinking`, `reasoning_effort` and `response_format`. */
export function toHubThinking({ thinking, output_config: config }: MessagesRequest): HubThinking {
  const { effort, format } = config ?? {};
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens : undefined;
  const word = typeof effort === 'string' ? effort : typeof budget === 'number' ? effortOfBudget(budget) : undefined;
  const isSwitch = thinking?.type === 'enabled' || thinking?.type === 'disabled';
  // An adaptive model decides by itself, which is what Kimi does when nothing is said.
  const isPlain = isSwitch && Object.keys(thinking ?? {}).length === 1;
  return {
    members: {
      ...(isSwitch ? { thinking: { type: thinking?.type } } : {}),
      ...given('reasoning_effort', word),
      ...given('response_format', formatOf(format)),
    },
    carried: {
      // Said outright, since an effort alone would otherwise switch thinking on.
      thinking: isPlain ? undefined : (thinking ?? (word === undefined ? undefined : 'unsaid')),
      impliedEffort: effort === undefined ? word : undefined,
      config: orNothing(rest(config ?? {}, 'effort', ...(formatOf(format) ? ['format'] : []))),
    },
  };
}

function formatOf(format: unknown): JsonObject | undefined {
  if (!isObject(format) || format['type'] !== 'json_schema') return undefined;
  return { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: format['schema'] } };
}

const OFF = new Set(['none', 'off', 'disabled']);

/** Back again. An effort is always said where the model has any: `adaptive` alone makes k3 think hardly at all. */
export function toAnthropicThinking(request: ChatRequest, facts: FaceFacts, notes: Notes): JsonObject {
  const carried = carriedOf(request);
  const { thinking, reasoning_effort: top, response_format: format } = request;
  const wanted = thinking?.['effort'] ?? top ?? undefined;
  const isOff = thinking?.type === 'disabled' || OFF.has(String(wanted));
  const own = isObject(carried['thinking']) ? carried['thinking'] : undefined;
  const isImplied = wanted !== undefined && wanted === carried['impliedEffort'];
  const effort = isOff ? undefined : effortFor(isImplied && !facts.efforts ? undefined : wanted, facts, notes);
  const config = {
    ...configOf(carried['config']),
    ...given('effort', effort),
    ...given('format', schemaOf(format, notes)),
  };
  const isUnsaid = carried['thinking'] === 'unsaid' && thinking === undefined;
  const isOn = own === undefined && !isUnsaid && (thinking !== undefined || effort !== undefined);
  const shape = isOff ? { type: 'disabled' } : isOn ? { type: 'enabled' } : own;
  return { ...given('thinking', shape), ...given('output_config', orNothing(config)), ...keepOf(request, isOff) };
}

function configOf(config: unknown): JsonObject {
  return isObject(config) ? config : {};
}

/**
 * Mean thinking of k3 on this face, same prompt: adaptive alone 11 tokens, enabled alone 58, with effort high 156
 * (clacky-ai/openclacky PR 389). All five of Anthropic's words are taken (NousResearch/hermes-agent PR 67231).
 */
function effortFor(wanted: unknown, { efforts }: FaceFacts, notes: Notes): string | undefined {
  const word = typeof wanted === 'string' ? wanted : undefined;
  if (efforts === undefined) return word === 'minimal' ? 'low' : word;
  if (efforts.length === 0) {
    if (word !== undefined) notes.add('the model has no effort');
    return undefined;
  }
  if (word === 'minimal') return 'low';
  return word ?? (efforts.includes('high') ? 'high' : efforts.at(-1));
}

/** Preserved thinking is said as context management here (MoonshotAI/kimi-code kosong anthropic.ts). */
function keepOf({ thinking }: ChatRequest, isOff: boolean): JsonObject {
  if (isOff || thinking?.keep !== 'all') return {};
  return { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } };
}

function schemaOf(format: unknown, notes: Notes): JsonObject | undefined {
  if (!isObject(format) || format['type'] === 'text') return undefined;
  const holder = format['json_schema'];
  if (format['type'] === 'json_schema' && isObject(holder)) return { type: 'json_schema', schema: holder['schema'] };
  notes.add(`response_format ${String(format['type'])} has no counterpart; the system prompt asks for it`);
  return undefined;
}
