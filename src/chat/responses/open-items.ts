import { FreeInputReader } from '../free-input.ts';
import type { JsonObject } from '../json-object.ts';
import type { SearchStep, UrlCitation } from '../web-search.ts';
import { toCallItem } from './calls.ts';
import { type ReasoningForm, toReasoningItem } from './reasoning-item.ts';
import type { Item } from './responses.ts';
import type { ClientTool } from './tool-map.ts';

export type Emit = (type: string, members: JsonObject) => void;

/** An item of the output while it is being written. */
export interface OpenItem {
  /** The item as it is now. */
  item(status: string): Item;
  /** The events that end it. */
  close(status: string): void;
}

const NO_PROBABILITIES: readonly unknown[] = [];

export class OpenMessage implements OpenItem {
  readonly #id: string;
  readonly #at: JsonObject;
  readonly #index: number;
  readonly #emit: Emit;
  /** Characters of the answer before this item, from which citations are counted. */
  readonly #before: number;
  readonly #annotations: JsonObject[] = [];
  #text = '';

  constructor(id: string, index: number, before: number, emit: Emit) {
    this.#before = before;
    this.#id = id;
    this.#index = index;
    this.#at = { item_id: id, output_index: index, content_index: 0 };
    this.#emit = emit;
    emit('response.output_item.added', { output_index: index, item: { ...this.item('in_progress'), content: [] } });
    emit('response.content_part.added', { ...this.#at, part: this.#part() });
  }

  add(delta: string): void {
    this.#text += delta;
    this.#emit('response.output_text.delta', { ...this.#at, delta, logprobs: NO_PROBABILITIES });
  }

  cite({ url_citation: { url, title, start_index: start, end_index: end } }: UrlCitation): void {
    const place = (at: number) => Math.min(Math.max(0, at - this.#before), this.#text.length);
    const annotation = { type: 'url_citation', url, title, start_index: place(start), end_index: place(end) };
    const index = this.#annotations.push(annotation) - 1;
    this.#emit('response.output_text.annotation.added', { ...this.#at, annotation_index: index, annotation });
  }

  get length(): number {
    return this.#text.length;
  }

  item(status: string): Item {
    return { id: this.#id, type: 'message', status, role: 'assistant', content: [this.#part()] };
  }

  close(status: string): void {
    this.#emit('response.output_text.done', { ...this.#at, text: this.#text, logprobs: NO_PROBABILITIES });
    this.#emit('response.content_part.done', { ...this.#at, part: this.#part() });
    this.#emit('response.output_item.done', { output_index: this.#index, item: this.item(status) });
  }

  #part(): JsonObject {
    return { type: 'output_text', text: this.#text, annotations: [...this.#annotations], logprobs: NO_PROBABILITIES };
  }
}

/** A search that was made, or a page that was read; whoever made it has its result. */
export class OpenSearch implements OpenItem {
  readonly #id: string;
  readonly #index: number;
  readonly #step: SearchStep;
  readonly #showsSources: boolean;
  readonly #emit: Emit;

  constructor(id: string, index: number, step: SearchStep, showsSources: boolean, emit: Emit) {
    this.#id = id;
    this.#index = index;
    this.#step = step;
    this.#showsSources = showsSources;
    this.#emit = emit;
    emit('response.output_item.added', { output_index: index, item: this.#as('in_progress') });
    for (const event of ['in_progress', 'searching']) this.#tell(event);
  }

  item(): Item {
    return this.#as(this.#step.failed ? 'failed' : 'completed');
  }

  close(): void {
    this.#tell('completed');
    this.#emit('response.output_item.done', { output_index: this.#index, item: this.item() });
  }

  #tell(event: string): void {
    this.#emit(`response.web_search_call.${event}`, { item_id: this.#id, output_index: this.#index });
  }

  #as(status: string): Item {
    const { kind, query, sources } = this.#step;
    const found = this.#showsSources ? { sources: sources.map(({ url }) => ({ type: 'url', url })) } : {};
    const action =
      kind === 'page' ? { type: 'open_page', url: query } : { type: 'search', query, queries: [query], ...found };
    return { id: this.#id, type: 'web_search_call', status, action };
  }
}

export class OpenReasoning implements OpenItem {
  readonly #id: string;
  readonly #index: number;
  readonly #emit: Emit;
  readonly #form: ReasoningForm;
  readonly #at: JsonObject;
  #text = '';

  constructor(id: string, index: number, form: ReasoningForm, emit: Emit) {
    this.#id = id;
    this.#index = index;
    this.#emit = emit;
    this.#form = form;
    this.#at = { item_id: id, output_index: index, ...(form.summary ? { summary_index: 0 } : { content_index: 0 }) };
    emit('response.output_item.added', { output_index: index, item: this.item('in_progress') });
    emit(form.summary ? 'response.reasoning_summary_part.added' : 'response.content_part.added', this.#withPart());
  }

  add(delta: string): void {
    this.#text += delta;
    this.#emit(`${this.#words()}.delta`, { ...this.#at, delta });
  }

  item(status: string): Item {
    return toReasoningItem({ id: this.#id, text: this.#text, status }, this.#form);
  }

  close(status: string): void {
    this.#emit(`${this.#words()}.done`, { ...this.#at, text: this.#text });
    this.#emit(
      this.#form.summary ? 'response.reasoning_summary_part.done' : 'response.content_part.done',
      this.#withPart(),
    );
    this.#emit('response.output_item.done', { output_index: this.#index, item: this.item(status) });
  }

  #words(): string {
    return this.#form.summary ? 'response.reasoning_summary_text' : 'response.reasoning_text';
  }

  #withPart(): JsonObject {
    return { ...this.#at, part: { type: this.#form.summary ? 'summary_text' : 'reasoning_text', text: this.#text } };
  }
}

/** Prefixes of the ids that OpenAI gives to calls. */
const ID_PREFIXES: Readonly<Record<ClientTool['kind'], string>> = {
  function: 'fc',
  custom: 'ctc',
  local_shell: 'lsh',
  shell: 'sh',
  apply_patch: 'apc',
  tool_search: 'tsc',
};

export interface CallStart {
  readonly callId: string;
  readonly tool: ClientTool;
  readonly index: number;
  readonly newId: (prefix: string) => string;
}

/** A call. Functions and free-form tools are told piece by piece; the others have no event for that, and their end tells all. */
export class OpenCall implements OpenItem {
  readonly #id: string;
  readonly #start: CallStart;
  readonly #emit: Emit;
  readonly #input = new FreeInputReader();
  #arguments = '';

  constructor(start: CallStart, emit: Emit) {
    this.#id = start.newId(ID_PREFIXES[start.tool.kind]);
    this.#start = start;
    this.#emit = emit;
    emit('response.output_item.added', { output_index: start.index, item: this.item('in_progress') });
  }

  add(piece: string): void {
    this.#arguments += piece;
    const { kind } = this.#start.tool;
    const delta = kind === 'custom' ? this.#input.add(piece) : kind === 'function' ? piece : '';
    if (delta !== '') this.#delta(delta);
  }

  item(status: string): Item {
    const { callId, tool } = this.#start;
    return toCallItem({ itemId: this.#id, callId, tool, arguments: this.#arguments, status });
  }

  close(status: string): void {
    const { tool, index } = this.#start;
    const item = this.item(status);
    const at = { item_id: this.#id, output_index: index };
    if (tool.kind === 'function') {
      this.#emit('response.function_call_arguments.done', { ...at, name: tool.name, arguments: item['arguments'] });
    }
    if (tool.kind === 'custom') {
      // A model that got the form wrong is understood only now.
      if (!this.#input.begun && item['input'] !== '') this.#delta(String(item['input']));
      this.#emit('response.custom_tool_call_input.done', { ...at, input: item['input'] });
    }
    this.#emit('response.output_item.done', { output_index: index, item });
  }

  #delta(delta: string): void {
    const type = this.#start.tool.kind === 'custom' ? 'custom_tool_call_input' : 'function_call_arguments';
    this.#emit(`response.${type}.delta`, { item_id: this.#id, output_index: this.#start.index, delta });
  }
}
