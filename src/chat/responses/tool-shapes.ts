import type { FunctionDefinition } from '../chat.ts';
import { functionForFree } from '../free-tool.ts';
import { isObject, type JsonObject, textOr } from '../json-object.ts';
import type { ResponsesTool } from './responses.ts';

/** Kinds of tools that a client runs itself, and that a model can call as functions. */
export const TOOL_KINDS = ['function', 'custom', 'local_shell', 'shell', 'apply_patch', 'tool_search'] as const;
export type ToolKind = (typeof TOOL_KINDS)[number];

export function isToolKind(type: unknown): type is ToolKind {
  return TOOL_KINDS.some((kind) => kind === type);
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const texts = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });
const whole = (description: string): JsonObject => ({ type: 'integer', description });
const object = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The tools of which OpenAI's models know the shape by heart, with the members of the items that they make. */
const BUILT_IN: Readonly<Record<'local_shell' | 'shell' | 'apply_patch', FunctionDefinition>> = {
  local_shell: {
    description: "Runs a command on the user's machine and returns its output.",
    parameters: object(
      {
        command: texts('The program and its arguments, for example ["bash", "-lc", "ls -la"].'),
        working_directory: text('Where it runs.'),
        timeout_ms: whole('Milliseconds until it is stopped.'),
      },
      ['command'],
    ),
  },
  shell: {
    description: "Runs shell commands on the user's machine and returns the output of each.",
    parameters: object(
      {
        commands: texts('The command lines.'),
        timeout_ms: whole('Milliseconds until they are stopped.'),
        max_output_length: whole('The most characters of output to return.'),
      },
      ['commands'],
    ),
  },
  apply_patch: {
    description: 'Creates, changes or deletes one file.',
    parameters: object(
      {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: text('The file, relative to the workspace.'),
        diff: text(
          'For create_file every line of the new file behind a "+"; for update_file hunks in V4A form: "@@" with the enclosing definition, then lines behind " ", "-" or "+". Not for delete_file.',
        ),
      },
      ['type', 'path'],
    ),
  },
};

const SEARCH = object({ query: text('What the tool is to do.') }, ['query']);

/** Definition of the function that stands for a tool; its name is given elsewhere. */
export function functionFor(kind: ToolKind, tool: ResponsesTool): FunctionDefinition {
  const description = textOr(tool.description, '');
  switch (kind) {
    case 'function':
      return {
        ...(description === '' ? {} : { description }),
        parameters: tool['parameters'] ?? { type: 'object', properties: {} },
        ...(typeof tool['strict'] === 'boolean' ? { strict: tool['strict'] } : {}),
      };
    case 'custom':
      return functionForFree(description, tool['format']);
    case 'tool_search':
      return {
        description: description || 'Finds further tools. Those that it finds can be called afterwards.',
        parameters: isObject(tool['parameters']) ? tool['parameters'] : SEARCH,
      };
    case 'local_shell':
    case 'shell':
    case 'apply_patch':
      return BUILT_IN[kind];
    default:
      return kind satisfies never;
  }
}
