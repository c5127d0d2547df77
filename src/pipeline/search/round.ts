import type { ChatChunk, ChatMessage, ChunkChoice, ToolCall } from '../../chat/chat.ts';
import type { Citations } from './citations.ts';

/** What the rounds of one answer share towards the client. */
export interface Told {
  /** What every chunk says of itself: as in the first round. */
  head: Pick<ChatChunk, 'id' | 'created'> | undefined;
  /** Put before the first text, and the first thought, of a further round; empty where items tell them apart. */
  readonly gap: string;
  hasRole: boolean;
  hasText: boolean;
  hasThought: boolean;
  /** Calls of the client's tools. */
  calls: number;
  readonly citations: Citations;
}

/** One answer of the model on the way to the client's: its words go on, the calls of our own tools stay here. */
export class Round {
  /** Of our own tools. */
  readonly own: ToolCall[] = [];
  /** A tool of the client's is called, which ends the answer. */
  isClients = false;
  /** Held back: nobody knows yet whether it is the last one. */
  closing: ChatChunk | undefined;
  usage: ChatChunk | undefined;
  readonly #isOwn: (name: string) => boolean;
  readonly #told: Told;
  /** By index: a call of ours, or the index that the client sees. */
  readonly #places = new Map<number, ToolCall | number>();
  #text = '';
  #thought = '';

  constructor(isOwn: (name: string) => boolean, told: Told) {
    this.#isOwn = isOwn;
    this.#told = told;
  }

  /** What of it goes to the client. */
  add(chunk: ChatChunk): ChatChunk | undefined {
    this.#told.head ??= headOf(chunk);
    const [choice] = chunk.choices ?? [];
    if (choice === undefined) {
      if (chunk.usage) this.usage = chunk;
      return undefined;
    }
    const delta = this.#delta(choice.delta ?? {});
    if (choice.finish_reason) {
      this.closing = { ...chunk, choices: [{ ...choice, delta: {} }] };
      if (chunk.usage) this.usage = chunk;
      return delta && this.#chunk({ ...withoutUsage(chunk), choices: [{ ...open(choice), delta }] });
    }
    return delta && this.#chunk({ ...chunk, choices: [{ ...choice, delta }] });
  }

  /** What was said, as the history of the next round has it. */
  message(): ChatMessage {
    return {
      role: 'assistant',
      ...(this.#text.trim() === '' ? { content: null } : { content: this.#text }),
      reasoning_content: this.#thought,
      tool_calls: this.own,
    };
  }

  #chunk(chunk: ChatChunk): ChatChunk {
    return { ...chunk, ...this.#told.head };
  }

  #delta(delta: ChatMessage): ChatMessage | undefined {
    const { tool_calls: pieces, role, content, reasoning_content: thought, ...rest } = delta;
    const calls = (pieces ?? []).map((piece) => this.#call(piece)).filter((piece) => piece !== undefined);
    const said: ChatMessage = {
      ...(role === undefined || this.#told.hasRole ? {} : { role, content: '' }),
      ...rest,
      ...(typeof thought === 'string' && thought !== '' ? { reasoning_content: this.#think(thought) } : {}),
      ...(typeof content === 'string' && content !== '' ? { content: this.#say(content) } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    if (said.role !== undefined) this.#told.hasRole = true;
    return Object.keys(said).length > 0 ? said : undefined;
  }

  #think(piece: string): string {
    const told = this.#told;
    const gap = this.#thought === '' && told.hasThought ? told.gap : '';
    this.#thought += piece;
    told.hasThought = true;
    return gap + piece;
  }

  #say(piece: string): string {
    const told = this.#told;
    const text = (this.#text === '' && told.hasText ? told.gap : '') + piece;
    this.#text += piece;
    told.hasText = true;
    told.citations.say(text);
    return text;
  }

  /** A piece of a call of the client's, under the index that the client sees. */
  #call(piece: ToolCall): ToolCall | undefined {
    const at = piece.index ?? this.#places.size;
    const known = this.#places.get(at);
    if (typeof known === 'number') return { ...piece, index: known };
    if (known !== undefined) {
      this.#grow(at, known, piece);
      return undefined;
    }
    if (this.#isOwn(piece.function?.name ?? '')) {
      const { index: _, ...call } = piece;
      this.own.push(call);
      this.#places.set(at, call);
      return undefined;
    }
    this.isClients = true;
    const index = this.#told.calls++;
    this.#places.set(at, index);
    return { ...piece, index };
  }

  #grow(at: number, call: ToolCall, piece: ToolCall): void {
    const text = `${call.function?.arguments ?? ''}${piece.function?.arguments ?? ''}`;
    const grown: ToolCall = { ...call, function: { ...call.function, arguments: text } };
    this.own[this.own.indexOf(call)] = grown;
    this.#places.set(at, grown);
  }
}

function headOf({ id, created }: ChatChunk): Pick<ChatChunk, 'id' | 'created'> {
  return { ...(id === undefined ? {} : { id }), ...(created === undefined ? {} : { created }) };
}

function withoutUsage({ usage: _, ...chunk }: ChatChunk): ChatChunk {
  return chunk;
}

function open({ usage: _, ...choice }: ChunkChoice): ChunkChoice {
  return { ...choice, finish_reason: null };
}
