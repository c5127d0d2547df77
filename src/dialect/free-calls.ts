import type { ChatChunk, ChunkChoice, ToolCall } from '../chat/chat.ts';
import { FreeInputReader, freeInputOf } from '../chat/free-input.ts';
import type { AnswerRepair } from './rule.ts';

/** A call of a function that stands for a free-form tool, while it is being written. */
interface OpenCall {
  readonly reader: FreeInputReader;
  said: string;
}

/** Calls of these functions as the custom calls that they stand for, in a whole answer and piece by piece. */
export function backToCustom(names: ReadonlySet<string>): AnswerRepair {
  const open = new Map<string, OpenCall>();
  const isOurs = ({ function: target }: ToolCall) => target?.name !== undefined && names.has(target.name);
  return {
    needles: ['"tool_calls"'],
    isAlert: () => open.size > 0,
    chunk(chunk) {
      const concerned = chunk.choices?.some(({ delta }) => delta?.tool_calls?.some(isOurs));
      if (!concerned && open.size === 0) return chunk;
      const choices = (chunk.choices ?? []).map((choice) => told(choice, open, isOurs));
      return { ...chunk, choices } satisfies ChatChunk;
    },
    completion(completion) {
      if (!completion.choices?.some(({ message }) => message?.tool_calls?.some(isOurs))) return completion;
      const choices = completion.choices.map((choice) => {
        const { message } = choice;
        if (!message?.tool_calls?.some(isOurs)) return choice;
        const calls = message.tool_calls.map((call) => (isOurs(call) ? whole(call) : call));
        return { ...choice, message: { ...message, tool_calls: calls } };
      });
      return { ...completion, choices };
    },
  };
}

function whole({ function: target, ...rest }: ToolCall): ToolCall {
  return { ...rest, type: 'custom', custom: { name: target?.name, input: freeInputOf(target?.arguments ?? '') } };
}

function told(choice: ChunkChoice, open: Map<string, OpenCall>, isOurs: (call: ToolCall) => boolean): ChunkChoice {
  const { delta = {}, index = 0, finish_reason: reason } = choice;
  const pieces = (delta.tool_calls ?? []).map((call) => pieceOf(call, `${index} ${call.index ?? 0}`, open, isOurs));
  const last = reason ? lastPieces(`${index} `, open) : [];
  const calls = [...pieces, ...last];
  if (calls.length === 0) return choice;
  return { ...choice, delta: { ...delta, tool_calls: calls } };
}

function pieceOf(
  call: ToolCall,
  key: string,
  open: Map<string, OpenCall>,
  isOurs: (call: ToolCall) => boolean,
): ToolCall {
  const isStart = isOurs(call) && !open.has(key);
  if (isStart) open.set(key, { reader: new FreeInputReader(), said: '' });
  const known = open.get(key);
  if (known === undefined) return call;
  const { function: target, type: _, ...rest } = call;
  const piece = target?.arguments ?? '';
  known.said += piece;
  const input = known.reader.add(piece);
  return isStart ? { ...rest, type: 'custom', custom: { name: target?.name, input } } : { ...rest, custom: { input } };
}

/** A model that got the form wrong is understood only when it has ended. */
function lastPieces(prefix: string, open: Map<string, OpenCall>): readonly ToolCall[] {
  const ended = [...open].filter(([key]) => key.startsWith(prefix));
  for (const [key] of ended) open.delete(key);
  return ended.flatMap(([key, { reader, said }]) => {
    const input = reader.begun ? '' : freeInputOf(said);
    return input === '' ? [] : [{ index: Number(key.slice(prefix.length)), custom: { input } }];
  });
}
