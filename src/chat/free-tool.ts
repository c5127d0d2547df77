import type { FunctionDefinition } from './chat.ts';
import { isObject, textOr } from './json-object.ts';

const INPUT = {
  type: 'object',
  properties: { input: { type: 'string', description: "The tool's whole input as it is, and nothing else." } },
  required: ['input'],
  additionalProperties: false,
};

/**
 * The function that stands for a free-form tool of OpenAI's, which Kimi has not: what the client's description says of it
 * (often: no JSON) is put right. `format` as Responses have it, or with the grammar one level lower as in a chat.
 */
export function functionForFree(description: string, format: unknown): FunctionDefinition {
  const lines = [
    description,
    'Give the whole input as one string in the member `input`; only that string is the input.',
    ...grammarLines(format),
  ];
  return { description: lines.filter((line) => line !== '').join('\n\n'), parameters: INPUT };
}

function grammarLines(format: unknown): readonly string[] {
  if (!isObject(format) || format['type'] !== 'grammar') return [];
  const { syntax, definition } = isObject(format['grammar']) ? format['grammar'] : format;
  const rule = syntax === 'regex' ? 'match this regular expression' : 'follow this Lark grammar';
  return [`The string in \`input\` must ${rule}:\n${textOr(definition, '')}`];
}
