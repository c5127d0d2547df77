import type { ChatCompletion, ChatMessage, ToolCall } from '../chat/chat.ts';
import type { AnswerRetry } from './rule.ts';

const LIMIT = 1;
const HAN = /\p{Script=Han}/u;

/** The documented nudge (migration guide from OpenAI to Kimi) and its English form, in the language of the answer. */
function nudge(text: string, name: string | undefined): string {
  if (HAN.test(text))
    return name === undefined ? '请选择一个工具来处理当前问题。' : `请调用工具 ${name} 来处理当前问题。`;
  return name === undefined
    ? 'Please select a tool to handle the current issue.'
    : `Please call the tool ${name} to handle the current issue.`;
}

/** A demand that the answer calls a tool, any or the named one. Purely of plain objects: the pipeline sends. */
export function askForToolCall(name: string | undefined): AnswerRetry {
  const isWanted = (call: ToolCall) =>
    call.function?.name !== undefined && (name === undefined || call.function.name === name);
  return {
    rule: 'tool-choice',
    limit: LIMIT,
    isMet: (chunk) => chunk.choices?.some((choice) => choice.delta?.tool_calls?.some(isWanted)) ?? false,
    again: (completion) => followUp(completion, isWanted, name),
  };
}

function followUp(
  completion: ChatCompletion,
  isWanted: (call: ToolCall) => boolean,
  name: string | undefined,
): readonly ChatMessage[] | undefined {
  const choices = completion.choices ?? [];
  if (choices.some((choice) => choice.message?.tool_calls?.some(isWanted))) return undefined;
  const [first] = choices;
  // An answer that was cut off or filtered would be so again.
  if (first?.message === undefined || first.finish_reason === 'length' || first.finish_reason === 'content_filter')
    return undefined;
  const { content, reasoning_content } = first.message;
  const text = typeof content === 'string' ? content : '';
  const question: ChatMessage = { role: 'user', content: nudge(text || String(reasoning_content ?? ''), name) };
  // Kimi refuses an assistant message without content.
  if (text.trim() === '') return [question];
  const thoughts = typeof reasoning_content === 'string' ? { reasoning_content } : {};
  return [{ role: 'assistant', content: text, ...thoughts }, question];
}
