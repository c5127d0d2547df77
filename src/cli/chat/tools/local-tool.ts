import type { Tool } from '../../../chat/chat.ts';
import type { Phrase } from '../../language.ts';

/** Something that the model may ask this machine for. It only reads, only below the folder of the chat. */
export interface LocalTool {
  readonly name: string;
  readonly summary: Phrase;
  /** For the model. */
  readonly description: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What the model gets to read. Throws with a sentence for the model. */
  run(args: Readonly<Record<string, unknown>>, folder: string): Promise<string>;
}

interface Parameter {
  readonly type: 'string' | 'integer';
  readonly description: string;
  readonly required?: boolean;
}

/** As a request declares it. */
export function toDeclaration({ name, description, parameters }: LocalTool): Tool {
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([member, { type, description: what }]) => [member, { type, description: what }]),
  );
  const required = Object.entries(parameters).flatMap(([member, { required: isRequired }]) =>
    isRequired ? [member] : [],
  );
  return { type: 'function', function: { name, description, parameters: { type: 'object', properties, required } } };
}

export function textArgument(args: Readonly<Record<string, unknown>>, name: string, otherwise: string): string {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

export function countArgument(args: Readonly<Record<string, unknown>>, name: string, otherwise: number): number {
  const value = args[name];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : otherwise;
}
