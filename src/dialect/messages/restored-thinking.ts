import { counted, mapMessages } from '../history/map-messages.ts';
import { callKey } from '../reasoning/call-key.ts';
import type { RequestRepair, Turn } from '../rule.ts';
import { isMembers, type Members } from './members.ts';

/**
 * Where a message calls tools and holds no thinking, what is remembered of it is put back, else an empty thought: so the
 * vendor's own client does on this face (MoonshotAI/kimi-code kosong anthropic.ts).
 */
export const restoredThinking: RequestRepair = {
  reads: ['messages'],
  trigger: { text: { within: 'messages', text: '"tool_use"' } },
  apply(request, turn) {
    let restored = 0;
    let empty = 0;
    const result = mapMessages(request, (message) => {
      const { role, content } = message;
      if (role !== 'assistant' || !Array.isArray(content)) return message;
      const calls = content.filter(isMembers).filter(({ type }) => type === 'tool_use');
      if (calls.length === 0 || content.some((block) => isMembers(block) && block['type'] === 'thinking'))
        return message;
      const thinking = recall(calls, turn);
      if (thinking === '') empty++;
      else restored++;
      return { ...message, content: [{ type: 'thinking', thinking }, ...content] };
    });
    if (restored > 0) turn.note(`thinking restored in ${counted(restored, 'message')}`);
    if (empty > 0) turn.note(`thinking left empty in ${counted(empty, 'message')}`);
    return result;
  },
};

function recall(calls: readonly Members[], { reasoning }: Turn): string {
  for (const { id, input } of calls) {
    const call = { id: String(id), function: { arguments: JSON.stringify(input ?? {}) } };
    const key = callKey(call);
    const text = reasoning && key !== undefined ? reasoning.memory.recall(reasoning.owner, key) : undefined;
    if (text !== undefined) return text;
  }
  return '';
}
