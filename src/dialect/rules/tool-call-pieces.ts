import type { ChatChunk, ChatCompletion, ChunkChoice, ToolCall } from '../../chat/chat.ts';
import type { AnswerRepair, Rule } from '../rule.ts';

const isNamed = (call: ToolCall | undefined) => typeof call?.function?.name === 'string' && call.function.name !== '';

/** A call that came without a name, waiting for one; without it, it is never sent. */
interface Held {
  readonly piece: ToolCall;
  readonly arguments: string;
}

/** The calls of one choice of a stream. */
class Pieces {
  readonly #named = new Set<number>();
  readonly #held = new Map<number, Held>();
  #last = -1;

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  get hasCalls(): boolean {
    return this.#named.size > 0;
  }

  /** The piece as it is to be sent, the same one if nothing is wrong with it. */
  take(piece: ToolCall): ToolCall | undefined {
    const index = piece.index ?? this.#indexOf(piece);
    this.#last = index;
    const known = this.#named.has(index);
    if (known) return this.#continue(piece, index);
    if (!isNamed(piece)) {
      const held = this.#held.get(index);
      this.#held.set(index, {
        piece: { ...held?.piece, ...piece, index },
        arguments: `${held?.arguments ?? ''}${piece.function?.arguments ?? ''}`,
      });
      return undefined;
    }
    this.#named.add(index);
    const held = this.#held.get(index);
    this.#held.delete(index);
    if (held === undefined) return piece.index === undefined ? { ...piece, index } : piece;
    const text = `${held.arguments}${piece.function?.arguments ?? ''}`;
    return { ...held.piece, ...piece, index, function: { ...piece.function, arguments: text } };
  }

  /** A host that repeats id and name with each piece would have them doubled by clients that add pieces up. */
  #continue(piece: ToolCall, index: number): ToolCall {
    if (piece.index !== undefined && !isNamed(piece)) return piece;
    const { id: _, type: __, function: called, ...rest } = piece;
    const { name: ___, ...inner } = called ?? {};
    return { ...rest, index, function: inner };
  }

  /** Without an index, a name begins the next call and anything else belongs to the last one. */
  #indexOf(piece: ToolCall): number {
    return isNamed(piece) || this.#last < 0 ? this.#last + 1 : this.#last;
  }
}

function mergePieces(): AnswerRepair {
  const choices = new Map<number, Pieces>();
  let dropped = false;
  const repair = (choice: ChunkChoice): ChunkChoice | undefined => {
    const pieces = choices.get(choice.index ?? 0) ?? new Pieces();
    choices.set(choice.index ?? 0, pieces);
    const { delta } = choice;
    const calls = delta?.tool_calls;
    const kept = Array.isArray(calls) ? calls.flatMap((call: ToolCall) => pieces.take(call) ?? []) : calls;
    if (pieces.isHolding) dropped = true;
    const isSame =
      kept === calls || (kept?.length === calls?.length && kept?.every((call, index) => call === calls?.[index]));
    const wasCall = choice.finish_reason === 'tool_calls' && dropped && !pieces.hasCalls;
    if (isSame && !wasCall) return choice;
    const { tool_calls: _, ...rest } = delta ?? {};
    const left = kept !== undefined && kept.length > 0 ? { ...rest, tool_calls: kept } : rest;
    if (Object.keys(left).length === 0 && !choice.finish_reason) return undefined;
    return { ...choice, delta: left, ...(wasCall ? { finish_reason: 'stop' } : {}) };
  };
  return {
    needles: ['"name":"', '"type":"function"'],
    isAlert: () => dropped,
    chunk(chunk: ChatChunk) {
      if (chunk.choices === undefined || chunk.choices.length === 0) return chunk;
      const repaired = chunk.choices.flatMap((choice): ChunkChoice[] => {
        const kept = repair(choice);
        return kept === undefined ? [] : [kept];
      });
      if (repaired.length === 0) return undefined;
      const isSame =
        repaired.length === chunk.choices.length &&
        repaired.every((choice, index) => choice === chunk.choices?.[index]);
      return isSame ? chunk : { ...chunk, choices: repaired };
    },
  };
}

function dropNameless(completion: ChatCompletion): ChatCompletion {
  const choices = completion.choices?.map((choice) => {
    const calls = choice.message?.tool_calls;
    if (!Array.isArray(calls) || calls.every(isNamed)) return choice;
    const { tool_calls: _, ...message } = choice.message ?? {};
    const kept = calls.filter(isNamed);
    if (kept.length > 0) return { ...choice, message: { ...message, tool_calls: kept } };
    return { ...choice, message, ...(choice.finish_reason === 'tool_calls' ? { finish_reason: 'stop' } : {}) };
  });
  const isSame = choices === undefined || choices.every((choice, index) => choice === completion.choices?.[index]);
  return isSame ? completion : { ...completion, choices };
}

const WHOLE: AnswerRepair = { needles: ['"tool_calls":'], completion: dropNameless };

export const toolCallPieces: Rule = {
  id: 'tool-call-pieces',
  title: { en: 'Pieces of tool calls belong together', zh: '工具调用分片的合并' },
  why: 'The first piece of a streamed call has its index, id and name, the later ones have the index and more of the arguments: that is as it should be, and such pieces pass unread. Calls without any name were reported; they are held back until a name comes, and left out if none does. Pieces without an index, or with the name again, are put right.',
  source: 'MoonshotAI/moonpalace merge tests; antinomyhq/forge #1141',
  seen: '2026-08-22',
  when: () => true,
  // Without tools there are no calls.
  answer: ({ stream, tools }) => (tools ? (stream ? mergePieces() : WHOLE) : undefined),
};
