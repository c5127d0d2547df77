import type { FunctionDefinition, Tool, ToolCall } from '../../chat/chat.ts';
import { textAt } from './wire-value.ts';

export const CALLS_BEGIN = '<tool_calls>';
export const CALLS_END = '</tool_calls>';

/** The functions of a request, in the newer and the older form. */
export function functionsOf(
  tools: readonly Tool[],
  functions: readonly FunctionDefinition[] = [],
): readonly FunctionDefinition[] {
  return [...tools.flatMap((tool) => (tool.type === 'function' && tool.function ? [tool.function] : [])), ...functions];
}

/** How the model is told of the client's functions: the surface knows none but its own. */
export function describeTools(functions: readonly FunctionDefinition[], choice: unknown): string {
  const listed = functions.map(({ name, description, parameters }) =>
    JSON.stringify({ name, ...(description === undefined ? {} : { description }), parameters: parameters ?? {} }),
  );
  return [
    'You can call functions. They run on the side of the user, who sends you their results afterwards. The functions, one JSON object a line:',
    ...listed,
    'To call functions, end your message with exactly this, and write nothing behind it:',
    `${CALLS_BEGIN}[{"name": "the function's name", "arguments": {"the": "arguments"}}]${CALLS_END}`,
    'The array holds one object for each call. Never invent a result: stop and wait for it.',
    insistence(choice),
  ].join('\n');
}

function insistence(choice: unknown): string {
  const name = textAt(choice, 'function', 'name');
  if (name !== undefined) return `You must call the function ${name} now.`;
  return choice === 'required' ? 'You must call at least one function now.' : 'Call one only if you need it.';
}

/** Calls of an earlier answer, in the form in which the model is to write them. */
export function writeCalls(calls: readonly ToolCall[]): string {
  if (calls.length === 0) return '';
  const written = calls.map(({ id, function: called }) => ({
    ...(id === undefined ? {} : { id }),
    name: called?.name,
    arguments: parsed(called?.arguments ?? '{}'),
  }));
  return `${CALLS_BEGIN}${JSON.stringify(written)}${CALLS_END}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
