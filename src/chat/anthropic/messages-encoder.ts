import { GatewayError } from '../../errors.ts';
import type { ChatChunk, ChunkChoice, ToolCall, Usage } from '../chat.ts';
import { given, isObject, type JsonObject, rest } from '../json-object.ts';
import { Notes } from '../notes.ts';
import type { SearchStep, Source, UrlCitation } from '../web-search.ts';
import { carriedOf } from './carried.ts';
import type { Block, MessagesEvent } from './messages.ts';
import { isSearch, toCitation, toSearchResult, toSearchUse } from './search-blocks.ts';
import { OWN_SIGNATURE } from './signature.ts';
import { toStop } from './stop-reason.ts';
import { toAnthropicUsage } from './usage.ts';

export interface EncoderOptions {
  /** The name that the client asked for; default: the one that the surface tells. */
  readonly model?: string;
  /** For `message_start`, where the surface has counted nothing yet. */
  readonly inputTokens?: number;
}

/** What is open: blocks come one after the other, and each has its own index. */
interface Open {
  readonly type: 'text' | 'thinking' | 'tool_use';
  readonly index: number;
  readonly call?: number;
  signed: boolean;
}

/**
 * The hub's chunks in, Anthropic's events out: message_start, for each block start, deltas and stop, then message_delta with
 * stop_reason and usage, message_stop. The end is told by `end()`, since the usage may come behind the closing chunk.
 */
export class MessagesEncoder {
  readonly notes = new Notes();
  readonly #options: EncoderOptions;
  /** Calls that have no name yet, and those that had their block. */
  readonly #waiting = new Map<number, ToolCall>();
  readonly #calls = new Set<number>();
  /** What the searches found, for citations. */
  readonly #sources: Source[] = [];
  #begun = false;
  #next = 0;
  #open: Open | undefined;
  #closing: ChunkChoice | undefined;
  #usage: Usage | undefined;

  constructor(options: EncoderOptions = {}) {
    this.#options = options;
  }

  add(chunk: ChatChunk): MessagesEvent[] {
    const events: MessagesEvent[] = this.#begun ? [] : [this.#start(chunk)];
    if (chunk.usage) this.#usage = chunk.usage;
    for (const choice of chunk.choices ?? []) {
      if ((choice.index ?? 0) !== 0) {
        this.notes.add('choices after the first have no counterpart');
        continue;
      }
      if (choice.usage) this.#usage ??= choice.usage;
      if (choice.delta) events.push(...this.#delta(choice.delta));
      if (choice.finish_reason) this.#closing = choice;
    }
    return events;
  }

  /** The end of the answer. Only for a stream that was closed properly; a broken one ends with `error`. */
  end(): MessagesEvent[] {
    const start = this.#begun ? [] : [this.#start({})];
    const stop = this.#close();
    const { usage } = this.#closing ?? {};
    return [
      ...start,
      ...stop,
      {
        type: 'message_delta',
        delta: toStop(this.#closing ?? {}, this.#calls.size > 0),
        usage: toAnthropicUsage(this.#usage ?? usage ?? {}),
      },
      { type: 'message_stop' },
    ];
  }

  #start(chunk: ChatChunk): MessagesEvent {
    this.#begun = true;
    const { start, ...extras } = carriedOf(chunk);
    const counted = toAnthropicUsage({ prompt_tokens: this.#options.inputTokens ?? 0 });
    const usage = isObject(start) ? start : counted;
    return {
      type: 'message_start',
      message: {
        id: chunk.id ?? 'msg_unknown',
        type: 'message',
        role: 'assistant',
        model: this.#options.model ?? chunk.model ?? '',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
        ...extras,
      },
    };
  }

  #delta(delta: NonNullable<ChunkChoice['delta']>): MessagesEvent[] {
    const { content, reasoning_content: reasoning, searched, annotations, tool_calls: calls } = delta;
    const own = carriedOf(delta);
    const block: Block | undefined = isObject(own['block']) ? own['block'] : undefined;
    if (block && block.type !== 'text' && block.type !== 'thinking') return this.#foreignBlock(block);
    const events = block ? this.#begin(block.type === 'text' ? 'text' : 'thinking', rest(block, 'type')) : [];
    if (typeof reasoning === 'string' && reasoning !== '') events.push(...this.#piece('thinking', reasoning));
    if (typeof own['signature'] === 'string') events.push(...this.#sign(own['signature']));
    if (Array.isArray(searched)) events.push(...this.#searches(searched as readonly SearchStep[]));
    if (typeof content === 'string' && content !== '') events.push(...this.#piece('text', content));
    if (Array.isArray(annotations)) events.push(...this.#cite(annotations as readonly UrlCitation[]));
    if (isObject(own['delta']) && this.#open) events.push(this.#blockDelta(own['delta']));
    for (const call of calls ?? []) events.push(...this.#call(call));
    return events;
  }

  /** A block that the hub does not know; the content beside it stands for it elsewhere. */
  #foreignBlock(block: Block): MessagesEvent[] {
    const events = this.#close();
    const index = this.#next++;
    events.push({ type: 'content_block_start', index, content_block: block }, { type: 'content_block_stop', index });
    return events;
  }

  #searches(steps: readonly SearchStep[]): MessagesEvent[] {
    const events = this.#close();
    for (const step of steps.filter(isSearch)) {
      const { block, input } = toSearchUse(step);
      const [use, result] = [this.#next++, this.#next++];
      const delta = { type: 'input_json_delta', partial_json: JSON.stringify(input) };
      events.push(
        { type: 'content_block_start', index: use, content_block: { ...block, input: {} } },
        { type: 'content_block_delta', index: use, delta },
        { type: 'content_block_stop', index: use },
        { type: 'content_block_start', index: result, content_block: toSearchResult(step) },
        { type: 'content_block_stop', index: result },
      );
    }
    this.#sources.push(...steps.flatMap(({ sources }) => sources));
    return events;
  }

  /** Citations belong to a text; one that has ended gets none. */
  #cite(citations: readonly UrlCitation[]): MessagesEvent[] {
    if (this.#open?.type !== 'text') return [];
    return citations
      .filter(({ url_citation }) => isObject(url_citation))
      .map((one) => this.#blockDelta({ type: 'citations_delta', citation: toCitation(one, this.#sources) }));
  }

  #piece(type: 'text' | 'thinking', text: string): MessagesEvent[] {
    const opening = this.#open?.type === type ? [] : this.#begin(type);
    return [...opening, this.#blockDelta({ type: `${type}_delta`, [type]: text })];
  }

  #sign(signature: string): MessagesEvent[] {
    const opening = this.#open?.type === 'thinking' ? [] : this.#begin('thinking');
    if (this.#open) this.#open.signed = true;
    return [...opening, this.#blockDelta({ type: 'signature_delta', signature })];
  }

  #begin(type: 'text' | 'thinking', extras: JsonObject = {}): MessagesEvent[] {
    const start = type === 'text' ? { type, text: '' } : { type, thinking: '', signature: '' };
    return this.#begins({ type, index: this.#next, signed: false }, { ...start, ...extras });
  }

  #begins(open: Open, block: Block): MessagesEvent[] {
    const before = this.#close();
    this.#open = open;
    this.#next = open.index + 1;
    return [...before, { type: 'content_block_start', index: open.index, content_block: block }];
  }

  #blockDelta(delta: JsonObject): MessagesEvent {
    return { type: 'content_block_delta', index: this.#open?.index ?? 0, delta };
  }

  #close(): MessagesEvent[] {
    const open = this.#open;
    if (open === undefined) return [];
    const needsSign = open.type === 'thinking' && !open.signed;
    const sign = needsSign ? [this.#blockDelta({ type: 'signature_delta', signature: OWN_SIGNATURE })] : [];
    this.#open = undefined;
    return [...sign, { type: 'content_block_stop', index: open.index }];
  }

  /** Pieces of a call: its block begins when its name is known. A call that never gets one is left out. */
  #call(piece: ToolCall): MessagesEvent[] {
    const index = piece.index ?? 0;
    const text = piece.function?.arguments ?? '';
    if (this.#calls.has(index)) return this.#argument(index, text);
    const before = this.#waiting.get(index);
    const held = `${before?.function?.arguments ?? ''}${text}`;
    const call: ToolCall & { function: { name?: string } } = {
      ...before,
      ...piece,
      function: { ...before?.function, ...piece.function, arguments: held },
    };
    const { name } = call.function;
    if (name === undefined || name === '') {
      this.#waiting.set(index, call);
      return [];
    }
    this.#waiting.delete(index);
    this.#calls.add(index);
    const id = call.id === undefined || call.id === '' ? `toolu_${index}` : call.id;
    const block = {
      type: 'tool_use',
      id,
      name,
      input: {},
      ...carriedOf(call),
      ...given('cache_control', call['cache_control']),
    };
    const opening = this.#begins({ type: 'tool_use', index: this.#next, call: index, signed: false }, block);
    return held === '' ? opening : [...opening, ...this.#argument(index, held)];
  }

  #argument(call: number, text: string): MessagesEvent[] {
    if (text === '') return [];
    if (this.#open?.call === call) return [this.#blockDelta({ type: 'input_json_delta', partial_json: text })];
    // No host was seen to do this, and Anthropic's grammar cannot say it; a call cut short would be worse than an error.
    throw new GatewayError('upstream_garbled', {
      message: 'The surface went back to a tool call after it had begun the next block.',
    });
  }
}
