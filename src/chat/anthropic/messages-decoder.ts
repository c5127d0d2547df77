import type { ChatChunk, ChunkChoice } from '../chat.ts';
import { given, isObject, type JsonObject, rest, textOr } from '../json-object.ts';
import { Notes } from '../notes.ts';
import { toAssistant } from './assistant.ts';
import { bareChunk, carriedOf, carry } from './carried.ts';
import { textOfForeign } from './foreign-block.ts';
import type { AnthropicUsage, Block } from './messages.ts';
import { toFinish } from './stop-reason.ts';
import { toHubUsage } from './usage.ts';

export interface DecoderOptions {
  /** Seconds since the epoch; Anthropic's events have none. */
  readonly created: number;
  /** Also sends the usage as OpenAI does, in a last chunk without choices. */
  readonly includeUsage: boolean;
  /** For a client of Anthropic's shape: what the hub has no word for stands in our own member. */
  readonly carries: boolean;
}

/** A block while it is being sent; `text` is its thinking, text or partial JSON. */
interface OpenBlock {
  readonly start: Block;
  readonly call: number;
  text: string;
  signature: string | undefined;
}

/**
 * Anthropic's events in, the hub's chunks out, in Kimi's grammar: role, reasoning, content, calls, one closing chunk with
 * the usage inside its choice. What the hub has no word for stands in our own member of the delta; the closing chunk
 * carries the layout of all blocks, for whoever folds the stream.
 */
export class MessagesDecoder {
  /** `message_stop` was read. */
  done = false;
  /** An `error` was read; nothing follows it. */
  failed = false;
  readonly notes = new Notes();
  readonly #options: DecoderOptions;
  readonly #blocks = new Map<number, OpenBlock>();
  #head: JsonObject = {};
  #usage: AnthropicUsage = {};
  #stop: JsonObject = {};
  #calls = 0;
  #last: string | undefined;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  add(event: unknown): ChatChunk[] {
    const chunks = this.#read(event);
    return this.#options.carries ? chunks : chunks.map(bareChunk).filter(says);
  }

  #read(event: unknown): ChatChunk[] {
    if (!isObject(event)) return [];
    switch (event['type']) {
      case 'message_start':
        return this.#begin(isObject(event['message']) ? event['message'] : {});
      case 'content_block_start':
        return this.#open(Number(event['index']), isObject(event['content_block']) ? event['content_block'] : {});
      case 'content_block_delta':
        return this.#grow(Number(event['index']), isObject(event['delta']) ? event['delta'] : {});
      case 'content_block_stop':
        return this.#close(Number(event['index']));
      case 'message_delta':
        this.#stop = { ...this.#stop, ...(isObject(event['delta']) ? event['delta'] : {}) };
        if (isObject(event['usage'])) this.#usage = { ...this.#usage, ...present(event['usage']) };
        return [];
      case 'message_stop':
        this.done = true;
        return this.#end();
      case 'error':
        this.failed = true;
        return [{ error: event['error'] ?? { type: 'api_error', message: 'unknown error' } }];
      default: // ping, and what is not known yet
        return [];
    }
  }

  #begin(message: JsonObject): ChatChunk[] {
    const { id, model, usage } = message;
    const { created } = this.#options;
    this.#head = { ...given('id', id), object: 'chat.completion.chunk', created, ...given('model', model) };
    if (isObject(usage)) this.#usage = usage;
    const known = ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'];
    const extras = carry({ start: usage, ...rest(message, ...known) });
    return [{ ...this.#chunk({ role: 'assistant', content: '' }), ...extras }];
  }

  #open(index: number, start: Block): ChatChunk[] {
    const { type } = start;
    const call = type === 'tool_use' ? this.#calls++ : -1;
    const text = type === 'text' ? textOr(start['text'], '') : type === 'thinking' ? textOr(start['thinking'], '') : '';
    const signature = textOr(start['signature'], '');
    this.#blocks.set(index, { start, call, text, signature: signature === '' ? undefined : signature });
    const isSame = this.#last === type;
    this.#last = type;
    if (type === 'tool_use') return [this.#callStart(start, call)];
    if (type !== 'text' && type !== 'thinking') {
      const content = textOfForeign(start);
      this.notes.add(`a ${type ?? 'nameless'} block is ${content === '' ? 'left out' : 'given as text'}`);
      return [this.#chunk({ ...(content === '' ? {} : { content }), ...carry({ block: start }) })];
    }
    const extras = rest(start, 'type', 'text', 'thinking', 'signature');
    const isMarked = isSame || Object.keys(extras).length > 0;
    const mark = isMarked ? carry({ block: { type, ...extras } }) : {};
    const said = text === '' ? {} : this.#said(type, text);
    return isMarked || text !== '' ? [this.#chunk({ ...mark, ...said })] : [];
  }

  #callStart(start: Block, index: number): ChatChunk {
    const { id, name } = start;
    const extras = carry(rest(start, 'type', 'id', 'name', 'input'));
    const call = { index, id: textOr(id, ''), type: 'function', function: { name: textOr(name, ''), arguments: '' } };
    return this.#chunk({ tool_calls: [{ ...call, ...extras }] });
  }

  #said(type: 'text' | 'thinking', text: string): JsonObject {
    return type === 'text' ? { content: text } : { reasoning_content: text };
  }

  #grow(index: number, delta: JsonObject): ChatChunk[] {
    const block = this.#blocks.get(index);
    if (block === undefined) return [];
    const { type, text, thinking, partial_json: json, signature } = delta;
    if (type === 'text_delta' || type === 'thinking_delta') {
      const piece = textOr(type === 'text_delta' ? text : thinking, '');
      block.text += piece;
      return [this.#chunk(this.#said(type === 'text_delta' ? 'text' : 'thinking', piece))];
    }
    if (type === 'input_json_delta' && block.call >= 0) {
      block.text += textOr(json, '');
      return [this.#chunk({ tool_calls: [{ index: block.call, function: { arguments: textOr(json, '') } }] })];
    }
    if (type === 'signature_delta') block.signature = `${block.signature ?? ''}${textOr(signature, '')}`;
    return [this.#chunk(carry(type === 'signature_delta' ? { signature } : { delta }))];
  }

  /** Some servers send the whole input with the start of a call; no input at all is an empty object. */
  #close(index: number): ChatChunk[] {
    const block = this.#blocks.get(index);
    if (block === undefined || block.call < 0 || block.text !== '') return [];
    block.text = JSON.stringify(block.start['input'] ?? {});
    return [this.#chunk({ tool_calls: [{ index: block.call, function: { arguments: block.text } }] })];
  }

  #end(): ChatChunk[] {
    const usage = toHubUsage(this.#usage);
    const finish = toFinish(textOr(this.#stop['stop_reason'], ''), this.#stop['stop_sequence'], this.#calls > 0);
    const { layout } = carriedOf(toAssistant([...this.#blocks.values()].map(wholeBlock), new Notes()));
    const choice = { index: 0, delta: carry({ layout }), ...finish, usage };
    const closing: ChatChunk = { ...this.#head, choices: [choice] };
    return this.#options.includeUsage ? [closing, { ...this.#head, choices: [], usage }] : [closing];
  }

  #chunk(delta: JsonObject): ChatChunk {
    const choice: ChunkChoice = { index: 0, delta, finish_reason: null };
    return { ...this.#head, choices: [choice] };
  }
}

/** A chunk of a choice that neither says nor closes anything was only there for our own member. */
function says({ choices = [], ...rest }: ChatChunk): boolean {
  const isSilent = ({ delta, finish_reason: finish }: ChunkChoice) => !finish && Object.keys(delta ?? {}).length === 0;
  return choices.length === 0 || 'error' in rest || !choices.every(isSilent);
}

function wholeBlock({ start, text, signature }: OpenBlock): Block {
  if (start.type === 'text') return { ...start, text };
  if (start.type === 'thinking')
    return { ...rest(start, 'signature'), type: 'thinking', thinking: text, ...given('signature', signature) };
  return start;
}

function present(usage: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
}
