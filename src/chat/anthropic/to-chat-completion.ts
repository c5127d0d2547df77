import type { ChatCompletion } from '../chat.ts';
import { given, rest } from '../json-object.ts';
import { Notes } from '../notes.ts';
import { toAssistant } from './assistant.ts';
import { carry } from './carried.ts';
import type { MessagesAnswer } from './messages.ts';
import { toFinish } from './stop-reason.ts';
import { toHubUsage } from './usage.ts';

const SAID = ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'];

/** Anthropic's message as a whole answer of the hub. `created`: seconds since the epoch; Anthropic's shape has none. */
export function toChatCompletion(
  answer: MessagesAnswer,
  created: number,
): { completion: ChatCompletion; notes: string[] } {
  const notes = new Notes();
  const { id, model, content = [], usage } = answer;
  const message = toAssistant(content, notes);
  const hasCalls = Boolean(message.tool_calls?.length);
  return {
    completion: {
      ...given('id', id),
      object: 'chat.completion',
      created,
      ...given('model', model),
      choices: [{ index: 0, message, ...toFinish(answer.stop_reason, answer.stop_sequence, hasCalls) }],
      ...(usage ? { usage: toHubUsage(usage) } : {}),
      ...carry(rest(answer, ...SAID)),
    },
    notes: notes.list(),
  };
}
