import type { ChatRequest, FunctionDefinition } from '../../chat/chat.ts';
import { isSearchTool } from '../../chat/web-search.ts';
import { GatewayError } from '../../errors.ts';
import type { NameSwitches } from '../../models/name-switches.ts';
import { toPrompt } from './prompt.ts';
import { describeTools, functionsOf } from './tool-prompt.ts';
import { unsaid } from './unsaid.ts';
import type { WebModel, WebName } from './web-models.ts';
import type { WebOptions } from './web-options.ts';
import { textAt } from './wire-value.ts';

/** What is asked of the web chat, before it is put into the words of a protocol. */
export interface WebAsk {
  readonly model: WebModel;
  /** The name that the client used. */
  readonly modelName: string;
  readonly prompt: string;
  readonly search: boolean;
  readonly thinking: boolean;
  /** `REASONING_EFFORT_…` of the newer protocol. */
  readonly effort: string | undefined;
  readonly sources: WebOptions['sources'];
  /** The client's functions, where calling them is emulated; else none. */
  readonly functions: readonly FunctionDefinition[];
  /** The client wants the usage in a chunk of its own. */
  readonly includeUsage: boolean;
  /** What of the request the web chat cannot be told, or can be told in words only. */
  readonly notes: readonly string[];
}

/** Reads a repaired request. Throws unsupported_by_surface for what the web chat cannot do, so that a surface that can is asked. */
export function readAsk(request: ChatRequest, name: WebName, options: WebOptions, isContinued: boolean): WebAsk {
  if (typeof request.n === 'number' && request.n > 1) {
    throw new GatewayError('unsupported_by_surface', {
      message: 'The web chat gives one answer: `n` must be 1.',
      param: 'n',
    });
  }
  const { model, switches } = name;
  const functions = functionsToEmulate(request, options);
  const messages = request.messages ?? [];
  const instructions = [
    ...(functions.length > 0 ? [describeTools(functions, request.tool_choice)] : []),
    ...formOfAnswer(request.response_format),
  ];
  return {
    model,
    modelName: request.model ?? model.id,
    prompt: toPrompt({ messages, instructions, isContinued }),
    search: wantsSearch(request, switches, options),
    thinking: wantsThinking(request, switches, model),
    effort: effortOf(request),
    sources: switches.silent === true ? 'none' : options.sources,
    functions,
    includeUsage: request.stream_options?.include_usage === true,
    notes: unsaid(request),
  };
}

function functionsToEmulate(request: ChatRequest, options: WebOptions): readonly FunctionDefinition[] {
  const functions = functionsOf(request.tools ?? [], request.functions ?? []).filter(
    // The platform's own search, given as a function, is this surface's search.
    ({ name }) => name !== '$web_search',
  );
  const isOff = request.tool_choice === 'none' || request.function_call === 'none';
  if (functions.length === 0 || isOff) return [];
  if (options.tools === 'emulate') return functions;
  throw new GatewayError('unsupported_by_surface', {
    message:
      'The web chat has no function calling. Surfaces that have it: moonshot-cn, moonshot-ai, kimi-code. Or let it be emulated by prompt: `surfaces.kimi-web.web.tools: emulate`.',
    param: 'tools',
  });
}

/** What the request says comes before the name's suffix, and that before the configuration. */
function wantsSearch(request: ChatRequest, switches: NameSwitches, options: WebOptions): boolean {
  // LLM-Red-Team/kimi-free-api has this member.
  if (typeof request['use_search'] === 'boolean') return request['use_search'];
  const options_ = request['web_search_options'];
  if (typeof options_ === 'object' && options_ !== null) return true;
  return (request.tools ?? []).some(isSearchTool) || (switches.search ?? options.search);
}

function wantsThinking(request: ChatRequest, switches: NameSwitches, model: WebModel): boolean {
  const type = request.thinking?.type;
  if (type === 'enabled' || type === 'disabled') return type === 'enabled';
  if (typeof request.reasoning_effort === 'string') return request.reasoning_effort !== 'none';
  return switches.thinking ?? model.thinking;
}

const EFFORTS: Readonly<Record<string, string>> = {
  none: 'REASONING_EFFORT_NONE',
  minimal: 'REASONING_EFFORT_LOW',
  low: 'REASONING_EFFORT_LOW',
  medium: 'REASONING_EFFORT_MEDIUM',
  high: 'REASONING_EFFORT_HIGH',
  max: 'REASONING_EFFORT_MAX',
};

function effortOf({ reasoning_effort: effort }: ChatRequest): string | undefined {
  return typeof effort === 'string' && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
}

/** The surface knows no response format; a model follows the words. */
function formOfAnswer(format: unknown): string[] {
  const type = textAt(format, 'type');
  if (type === 'json_object') return ['Answer with one JSON object and nothing else.'];
  if (type !== 'json_schema') return [];
  const schema = (format as { readonly json_schema?: { readonly schema?: unknown } }).json_schema?.schema;
  return [`Answer with one JSON value that follows this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`];
}
