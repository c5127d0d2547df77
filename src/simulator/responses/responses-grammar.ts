import type { Piece } from '../chat/pieces.ts';
import type { Reply } from '../chat/reply.ts';
import type { Frame, Grammar } from '../chat/send-stream.ts';
import { isObject } from '../json.ts';
import {
  callItem,
  itemId,
  itemsOf,
  messageItem,
  prefixOf,
  reasoningItem,
  responseOf,
  statusOf,
  usageOf,
} from './response.ts';

type Item = ReturnType<typeof reasoningItem> | ReturnType<typeof messageItem> | ReturnType<typeof callItem>;

/** The item that is being written. */
interface Open {
  readonly id: string;
  readonly item: Item;
  text: string;
}

const DELTAS = {
  reasoning: 'response.reasoning_text.delta',
  message: 'response.output_text.delta',
  function_call: 'response.function_call_arguments.delta',
} as const;

/** The events of OpenAI's Responses, as that face is documented to send them; the vendor's own streams were not recorded. */
export class ResponsesGrammar implements Grammar {
  readonly #reply: Reply;
  #sequence = -1;
  #index = -1;
  #open: Open | undefined;

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  opening(): readonly Frame[] {
    const response = responseOf(this.#reply, 'in_progress', []);
    return [this.#frame('response.created', { response }), this.#frame('response.in_progress', { response })];
  }

  piece(piece: Piece): readonly Frame[] {
    const { content, tool_calls: calls, ...reasoning } = piece;
    const call: unknown = Array.isArray(calls) ? calls[0] : undefined;
    if (isObject(call)) return this.#call(call);
    if (content !== undefined) return this.#text(messageItem(''), String(content));
    return this.#text(reasoningItem(''), String(Object.values(reasoning)[0]));
  }

  heartbeat(): readonly Frame[] {
    return [this.#frame('keepalive', {})];
  }

  failure(code: string, message: string): readonly Frame[] {
    return [this.#frame('error', { code, message, param: null })];
  }

  broken(): readonly Frame[] {
    return [{ event: DELTAS.message, data: `{"type":"${DELTAS.message}","delta":` }];
  }

  closing(): readonly Frame[] {
    const { draft } = this.#reply;
    const status = statusOf(this.#reply);
    const usage = draft.usagePlace === 'none' ? undefined : usageOf(this.#reply);
    const response = responseOf(this.#reply, status, itemsOf(this.#reply), usage);
    return [...this.#close(), ...(draft.noDone ? [] : [this.#frame(`response.${status}`, { response })])];
  }

  #call({ id, function: target }: { readonly [name: string]: unknown }): readonly Frame[] {
    const { name, arguments: text } = isObject(target) ? target : {};
    if (id !== undefined) return this.#begin(callItem(String(id), String(name), ''));
    return this.#delta(String(text));
  }

  #text(item: Item, text: string): readonly Frame[] {
    const opening = this.#open?.item.type === item.type ? [] : this.#begin(item);
    return [...opening, ...this.#delta(text)];
  }

  #begin(item: Item): readonly Frame[] {
    const before = this.#close();
    this.#index += 1;
    const id = itemId(this.#reply, prefixOf(item.type), this.#index);
    this.#open = { id, item, text: '' };
    const empty = { id, ...item, ...(item.type === 'function_call' ? {} : { content: [] }) };
    return [...before, this.#frame('response.output_item.added', { output_index: this.#index, item: empty })];
  }

  #delta(delta: string): readonly Frame[] {
    if (this.#open === undefined) return [];
    this.#open.text += delta;
    const { id, item } = this.#open;
    const place = item.type === 'function_call' ? {} : { content_index: 0 };
    return [this.#frame(DELTAS[item.type], { item_id: id, output_index: this.#index, ...place, delta })];
  }

  #close(): readonly Frame[] {
    if (this.#open === undefined) return [];
    const { id, item, text } = this.#open;
    this.#open = undefined;
    const whole =
      item.type === 'function_call'
        ? { ...item, arguments: text }
        : item.type === 'message'
          ? messageItem(text)
          : reasoningItem(text);
    return [this.#frame('response.output_item.done', { output_index: this.#index, item: { id, ...whole } })];
  }

  #frame(event: string, members: Readonly<Record<string, unknown>>): Frame {
    this.#sequence += 1;
    return { event, data: JSON.stringify({ type: event, sequence_number: this.#sequence, ...members }) };
  }
}
