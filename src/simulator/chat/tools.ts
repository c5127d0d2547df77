import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { mfjsDetails, validateMfjs } from '../mfjs/validate-mfjs.ts';
import { invalid } from '../refusal.ts';
import type { Message, RuleContext, Tool, ToolChoice } from './request.ts';

const MAX_TOOLS = 128;
/** Platform docs, openapi: 3 to 64 characters. Built-in functions begin with a dollar sign. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9\-_]{2,63}$/;
const BUILTIN_NAME = /^\$[a-zA-Z0-9\-_]{2,63}$/;

/** The global declarations and, on models that know them, those inside system messages. */
export function readTools(value: unknown, messages: readonly Message[], context: RuleContext): Tool[] {
  const tools = readList(value, context);
  for (const message of messages) tools.push(...readDynamic(message, context));
  const names = new Set<string>();
  for (const { name } of tools) {
    if (names.has(name)) throw invalid(`function name ${name} is duplicated`);
    names.add(name);
  }
  return tools;
}

function readList(value: unknown, context: RuleContext): Tool[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw invalid('Invalid request: tools must be an array');
  if (value.length > MAX_TOOLS) {
    throw invalid(`tools array too long. Expected an array with maximum length ${MAX_TOOLS}, but got ${value.length}`);
  }
  return value.map((tool) => readTool(tool, context));
}

/** Vendor's conformance tests, dynamic tools: system messages only, never beside content. The sentences are ours. */
function readDynamic(message: Message, context: RuleContext): Tool[] {
  const declared = message.raw['tools'];
  if (isAbsent(declared)) return [];
  if (!context.model.dynamicTools) throw invalid('Invalid request: tools in messages are not supported by this model');
  if (message.role !== 'system') {
    throw invalid('Invalid request: tools are only allowed in messages with role system');
  }
  if (message.text !== '') throw invalid('Invalid request: a system message with tools must have empty content');
  return readList(declared, context);
}

function readTool(tool: unknown, context: RuleContext): Tool {
  if (!isObject(tool)) throw invalid('Invalid request: tools must be objects');
  const { type, function: target } = tool;
  if (type !== 'function' && type !== 'builtin_function') {
    throw invalid(`Invalid request: tool type ${JSON.stringify(type ?? null)} is not supported`);
  }
  if (!isObject(target)) throw invalid('Invalid request: tools.function is required');
  const { name, strict, parameters } = target;
  if (typeof name !== 'string' || name === '') throw invalid('Invalid request: tools.function.name is required');
  if (!(type === 'builtin_function' ? BUILTIN_NAME : NAME).test(name)) {
    // MoonshotAI/kimi-cli #1773, #2531
    throw invalid(
      'function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes',
    );
  }
  if (!isAbsent(strict) && typeof strict !== 'boolean') {
    throw invalid('Invalid request: tools.function.strict must be a boolean');
  }
  return { name, parameters: readParameters(parameters, context), raw: tool };
}

function readParameters(parameters: unknown, context: RuleContext): JsonObject {
  if (isAbsent(parameters)) return {};
  if (!isObject(parameters)) throw invalid('Invalid request: tools.function.parameters must be an object');
  const problems = validateMfjs(parameters, context.mfjs);
  if (problems.length > 0) {
    throw invalid(
      `tools.function.parameters is not a valid moonshot flavored json schema, details: ${mfjsDetails(problems)}`,
    );
  }
  // A schema of the dialect that is no object is refused all the same (measured with k3 and k2.6, 14790897/MiqroForge-Desktop #1165).
  const isObjectType = [parameters['type']].flat().join() === 'object';
  if (Object.keys(parameters).length > 0 && !isObjectType) {
    throw invalid('tools.function.parameters.type is required and must be "object"');
  }
  return parameters;
}

const CHOICES = ['auto', 'none', 'required'] as const;

/** Measured September 2026; can1357/oh-my-pi #1077 (K2 with thinking), UKGovernmentBEIS/inspect_ai PR 5152 (k3 ignores a named function). */
export function readToolChoice(value: unknown, tools: readonly Tool[], k2Thinks: boolean, isK3: boolean): ToolChoice {
  if (isAbsent(value)) return 'auto';
  const word = CHOICES.find((choice) => choice === value);
  if (word === 'auto' || word === 'none') return word;
  if (word === 'required') {
    if (k2Thinks) throw invalid("tool_choice 'required' is incompatible with thinking enabled");
    if (tools.length === 0) throw invalid("Invalid request: tool_choice 'required' needs at least one tool");
    return word;
  }
  const target = isObject(value) && value['type'] === 'function' ? value['function'] : undefined;
  const name = isObject(target) ? target['name'] : undefined;
  if (typeof name !== 'string') throw invalid(`Invalid request: invalid tool_choice ${JSON.stringify(value)}`);
  if (k2Thinks) throw invalid("tool_choice 'specified' is incompatible with thinking enabled");
  if (isK3) return 'auto';
  if (!tools.some((tool) => tool.name === name))
    throw invalid(`Invalid request: tool_choice function ${name} not found`);
  return { name };
}
