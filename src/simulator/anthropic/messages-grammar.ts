import type { Piece } from '../chat/pieces.ts';
import type { Reply } from '../chat/reply.ts';
import type { Frame, Grammar } from '../chat/send-stream.ts';
import { isObject } from '../json.ts';
import { messageId, stopOf, usageOf } from './message.ts';

/** The events of the Anthropic face: no signature of thinking, and no `ping` unless it is scripted (MoonshotAI/kimi-code kosong anthropic.ts). */
export class MessagesGrammar implements Grammar {
  readonly #reply: Reply;
  #index = -1;
  #open: string | undefined;

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  opening(): readonly Frame[] {
    const { envelope } = this.#reply;
    const usage = { ...usageOf(this.#reply), output_tokens: 0 };
    const message = {
      ...{ id: messageId(this.#reply), type: 'message', role: 'assistant', model: envelope.model, content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage },
    };
    return [frame('message_start', { message })];
  }

  piece(piece: Piece): readonly Frame[] {
    const { content, tool_calls: calls, ...reasoning } = piece;
    const [thought] = Object.values(reasoning);
    const call: unknown = Array.isArray(calls) ? calls[0] : undefined;
    if (isObject(call)) return this.#call(call);
    if (content !== undefined) return this.#text('text', 'text', content);
    return this.#text('thinking', 'thinking', thought);
  }

  heartbeat(): readonly Frame[] {
    return [frame('ping', {})];
  }

  failure(type: string, message: string): readonly Frame[] {
    return [frame('error', { error: { type, message } })];
  }

  broken(): readonly Frame[] {
    return [{ event: 'content_block_delta', data: '{"type":"content_block_delta","index":0,"delta":' }];
  }

  closing(): readonly Frame[] {
    const { draft } = this.#reply;
    const usage = draft.usagePlace === 'none' ? {} : { usage: usageOf(this.#reply) };
    const delta = { stop_reason: stopOf(this.#reply), stop_sequence: null };
    const end = draft.noDone ? [] : [frame('message_stop', {})];
    return [...this.#close(), frame('message_delta', { delta, ...usage }), ...end];
  }

  #call({ id, function: target }: { readonly [name: string]: unknown }): readonly Frame[] {
    const { name, arguments: text } = isObject(target) ? target : {};
    if (id !== undefined) return this.#begin('tool_use', { type: 'tool_use', id, name, input: {} });
    return [this.#delta({ type: 'input_json_delta', partial_json: text })];
  }

  #text(type: 'text' | 'thinking', key: string, text: unknown): readonly Frame[] {
    const start = type === 'text' ? { type, text: '' } : { type, thinking: '' };
    const opening = this.#open === type ? [] : this.#begin(type, start);
    return [...opening, this.#delta({ type: `${type}_delta`, [key]: text })];
  }

  #begin(type: string, block: unknown): readonly Frame[] {
    const before = this.#close();
    this.#open = type;
    this.#index += 1;
    return [...before, frame('content_block_start', { index: this.#index, content_block: block })];
  }

  #delta(delta: unknown): Frame {
    return frame('content_block_delta', { index: this.#index, delta });
  }

  #close(): readonly Frame[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [frame('content_block_stop', { index: this.#index })];
  }
}

function frame(event: string, members: Readonly<Record<string, unknown>>): Frame {
  return { event, data: JSON.stringify({ type: event, ...members }) };
}
