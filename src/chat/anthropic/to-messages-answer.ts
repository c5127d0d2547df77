import type { ChatCompletion } from '../chat.ts';
import { toAssistantContent } from './assistant.ts';
import { carriedOf } from './carried.ts';
import { rest } from './json-object.ts';
import type { Block, MessagesAnswer } from './messages.ts';
import { Notes } from './notes.ts';
import { signed } from './signature.ts';
import { toStop } from './stop-reason.ts';
import { toAnthropicUsage } from './usage.ts';

/** A whole answer of the hub as Anthropic's message. */
export function toMessagesAnswer(completion: ChatCompletion): { answer: MessagesAnswer; notes: string[] } {
  const notes = new Notes();
  const { id, model, usage } = completion;
  const choices = completion.choices ?? [];
  const [choice = {}] = choices;
  const message = choice.message ?? {};
  if (choices.length > 1) notes.add('choices after the first have no counterpart');
  const content = toAssistantContent(message, notes);
  const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return {
    answer: {
      id: id ?? 'msg_unknown',
      type: 'message',
      role: 'assistant',
      model: model ?? '',
      content: blocks.filter(isSaid).map(signed),
      ...toStop(choice, Boolean(message.tool_calls?.length)),
      usage: toAnthropicUsage(usage ?? choice.usage ?? {}),
      ...rest(carriedOf(completion), 'start'),
    },
    notes: notes.list(),
  };
}

function isSaid(block: Block): boolean {
  return block.type !== 'thinking' || block['thinking'] !== '' || 'signature' in block;
}
