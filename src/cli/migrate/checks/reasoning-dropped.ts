import { CHAT_REFERENCE, type Check } from '../check.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { member, textMember } from '../code/tools.ts';
import { addOption, type Edit } from '../edit.ts';
import { pathOf, type RecordLiteral } from '../syntax/expression.ts';
import { resolve } from '../syntax/program.ts';

export const reasoningDropped: Check = {
  id: 'reasoning-dropped',
  level: 'error',
  title: { en: 'A tool loop drops `reasoning_content`', zh: '工具循环丢失 reasoning_content' },
  why: {
    en: 'While thinking is on, an assistant message with `tool_calls` and without `reasoning_content` is a 400: "thinking is enabled but reasoning_content is missing in assistant tool call message".',
    zh: '开启思考时，带 tool_calls 而无 reasoning_content 的 assistant 消息返回 400。',
  },
  link: CHAT_REFERENCE,
  gateway: {
    en: 'puts back what it remembers of its own answers, else an empty text (reasoning-restored)',
    zh: '用记住的内容补回，否则补空字符串（reasoning-restored）',
  },
  remains: {
    en: 'send the whole message back as it came',
    zh: '把整条消息原样发回',
  },
  fix: { en: 'adds the member, in JavaScript and Python', zh: '在 JavaScript 与 Python 中补上该字段' },
  *find(code) {
    if (code.requests.length === 0) return;
    for (const record of code.program.records) {
      if (!isDropping(code, record)) continue;
      const edits = carried(code, record);
      yield { from: record.from, to: record.to, ...(edits ? { edits } : {}) };
    }
  },
};

/** An assistant message that is put together from some members of the answer. */
function isDropping({ program }: OpenAiCode, record: RecordLiteral): boolean {
  const calls = member(record, 'tool_calls');
  if (calls === undefined || textMember(record, 'role') !== 'assistant') return false;
  // A history that is written down is an example; one that is spread into carries everything.
  if (record.spreads.length > 0 || member(record, 'reasoning_content')) return false;
  return resolve(program, calls.value).kind !== 'list';
}

/** TypeScript's own types do not know the member, so that is left to a person. */
function carried({ file }: OpenAiCode, record: RecordLiteral): readonly Edit[] | undefined {
  const calls = member(record, 'tool_calls');
  const path = calls && pathOf(calls.value);
  const message = path?.endsWith('.tool_calls') ? path.slice(0, -'.tool_calls'.length) : undefined;
  if (message === undefined || file.language === 'typescript') return undefined;
  const option = file.isPython
    ? `"reasoning_content": getattr(${message}, "reasoning_content", None) or ""`
    : `reasoning_content: ${message}.reasoning_content ?? ''`;
  return addOption(file, record, option);
}
