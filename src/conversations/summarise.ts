import type { ChatMessage } from '../chat/chat.ts';
import type { Summary } from './conversation.ts';
import { weigh } from './fit-history.ts';
import { told } from './history.ts';
import type { Turn } from './turn.ts';
import { textOf } from './words.ts';

/** Asks the model; gives the words of its answer. */
export type AskModel = (messages: readonly ChatMessage[]) => Promise<string>;

const TASK =
  'Summarise the conversation below for somebody who has to continue it and cannot see it: facts, names, numbers, decisions, open questions, and what the user wants. Use the language of the conversation. At most 400 words. Reply with the summary only.';

/** Of one message a summary is shown this much, characters. */
const LONGEST_MESSAGE = 20_000;
/** Of the window the turns of one call may take. */
const PART_OF_ROOM = 0.7;

/** A summary of turns and of the summary before them, in as many calls as the window needs. */
export async function summarise(
  turns: readonly Turn[],
  before: Summary | undefined,
  room: number,
  ask: AskModel,
): Promise<{ readonly summary: Summary | undefined; readonly calls: number }> {
  let summary = before;
  let calls = 0;
  let rest = turns;
  while (rest.length > 0) {
    const count = Math.max(1, fitting(rest, room * PART_OF_ROOM));
    const part = rest.slice(0, count);
    const earlier = summary === undefined ? '' : `[Summary of what came before]\n${summary.text}\n\n`;
    const transcript = part.flatMap(told).map(line).join('\n\n');
    const text = await ask([
      { role: 'system', content: TASK },
      { role: 'user', content: `${earlier}${transcript}` },
    ]);
    summary = { text, upTo: part.at(-1)?.seq ?? -1 };
    calls++;
    rest = rest.slice(count);
  }
  return { summary, calls };
}

function fitting(turns: readonly Turn[], room: number): number {
  let taken = 0;
  let count = 0;
  for (const turn of turns) {
    taken += weigh(told(turn).map(line));
    if (taken > room) break;
    count++;
  }
  return count;
}

function line(message: ChatMessage): string {
  const calls = (message.tool_calls ?? []).map(({ function: call }) => `(calls ${call?.name}: ${call?.arguments})`);
  const said = [textOf(message), ...calls].filter((text) => text !== '').join('\n');
  return `[${message.role ?? 'user'}]\n${said.slice(0, LONGEST_MESSAGE).toWellFormed()}`;
}
