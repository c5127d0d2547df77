import type { Entry, RecordLiteral } from '../syntax/expression.ts';
import { resolve } from '../syntax/program.ts';
import type { OpenAiCode } from './openai-code.ts';
import type { Request } from './requests.ts';

/** The functions that a request declares, in the new shape and in the old one, as far as they are written down here. */
export function declaredFunctions({ program }: OpenAiCode, { options }: Request): readonly RecordLiteral[] {
  return [options.get('tools'), options.get('functions')].flatMap((option) => {
    if (option?.literal.kind !== 'list') return [];
    return option.literal.items.flatMap((item) => {
      const tool = resolve(program, item);
      if (tool.kind !== 'record') return [];
      const inner = member(tool, 'function');
      const declared = inner === undefined ? tool : resolve(program, inner.value);
      return declared.kind === 'record' ? [declared] : [];
    });
  });
}

export const member = (record: RecordLiteral, name: string): Entry | undefined =>
  record.entries.find((entry) => entry.name === name);

/** The text of a member that is a literal. */
export function textMember(record: RecordLiteral, name: string): string | undefined {
  const value = member(record, name)?.value;
  return value?.kind === 'text' ? value.value : undefined;
}
