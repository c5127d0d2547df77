import type { ChatChunk, ChatMessage, ToolCall, Usage } from '../chat.ts';
import type { SearchStep, UrlCitation } from '../web-search.ts';
import { toCallId } from './call-id.ts';
import { type Emit, OpenCall, type OpenItem, OpenMessage, OpenReasoning, OpenSearch } from './open-items.ts';
import { type ErrorLike, toResponseError } from './response-error.ts';
import type { ResponseFrame } from './response-frame.ts';
import type { Item, ResponseObject, ResponseStatus, ResponsesEvent } from './responses.ts';
import { toResponsesUsage } from './usage.ts';

/** `finish_reason`s of an answer that is not whole. */
const INCOMPLETE: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' };

/**
 * The hub's chunks in, OpenAI's events out: response.created and in_progress, for each item added, its pieces and done, then
 * one of completed, incomplete and failed. Texts and thoughts end when the next item begins; calls stay open to the end,
 * since their pieces may come in any order.
 */
export class ResponsesEncoder {
  readonly #frame: ResponseFrame;
  readonly #items: { readonly open: OpenItem; done: Item | undefined }[] = [];
  readonly #calls = new Map<number, OpenCall>();
  /** Calls that have no name yet. */
  readonly #waiting = new Map<number, ToolCall>();
  #batch: ResponsesEvent[] = [];
  #sequence = 0;
  #begun = false;
  #current: OpenMessage | OpenReasoning | undefined;
  #currentAt = 0;
  /** Characters of text in the messages that have ended. */
  #said = 0;
  #finish: string | undefined;
  #usage: Usage | undefined;
  #model: string;
  #last: ResponseObject;

  constructor(frame: ResponseFrame) {
    this.#frame = frame;
    this.#model = frame.model;
    this.#last = this.#response(frame.background ? 'queued' : 'in_progress', []);
  }

  /** The response as the last event of a kind that carries it has told it. */
  get response(): ResponseObject {
    return this.#last;
  }

  /** The first events of a response that waits for its turn in the background. */
  queue(): ResponsesEvent[] {
    this.#tell('created', 'queued');
    this.#tell('queued', 'queued');
    return this.#taken();
  }

  add(chunk: ChatChunk): ResponsesEvent[] {
    if (chunk.model) this.#model = chunk.model;
    this.#begin();
    if (chunk.usage) this.#usage = chunk.usage;
    for (const choice of chunk.choices ?? []) {
      if ((choice.index ?? 0) !== 0) continue;
      if (choice.usage) this.#usage ??= choice.usage;
      if (choice.delta) this.#delta(choice.delta);
      if (choice.finish_reason) this.#finish = choice.finish_reason;
    }
    return this.#taken();
  }

  /** The end of the answer. Only for a stream that was closed properly. */
  end(): ResponsesEvent[] {
    this.#begin();
    const reason = INCOMPLETE[this.#finish ?? ''];
    const status = reason === undefined ? 'completed' : 'incomplete';
    for (const [index] of this.#items.entries()) this.#close(index, status);
    this.#tell(status, status, {
      ...(reason === undefined ? {} : { incomplete_details: { reason } }),
      usage: toResponsesUsage(this.#usage ?? {}),
    });
    return this.#taken();
  }

  /** The end of a stream that broke: what there was of the output, and why there is no more. */
  fail(error: ErrorLike): ResponsesEvent[] {
    this.#begin();
    this.#tell('failed', 'failed', { error: toResponseError(error) });
    return this.#taken();
  }

  /** The response that nobody wants any more. Its stream just ends. */
  cancel(): ResponseObject {
    this.#last = this.#response('cancelled', this.#output());
    return this.#last;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    if (this.#sequence === 0) this.#tell('created', 'in_progress');
    this.#tell('in_progress', 'in_progress');
  }

  #delta({ reasoning_content: thought, content, searched, annotations, tool_calls: calls }: ChatMessage): void {
    if (typeof thought === 'string' && thought !== '') this.#thought().add(thought);
    if (Array.isArray(searched)) for (const step of searched as readonly SearchStep[]) this.#search(step);
    if (typeof content === 'string' && content !== '') this.#message().add(content);
    if (Array.isArray(annotations)) this.#cite(annotations as readonly UrlCitation[]);
    for (const piece of calls ?? []) this.#call(piece);
  }

  #thought(): OpenReasoning {
    if (this.#current instanceof OpenReasoning) return this.#current;
    const { newId, reasoning } = this.#frame;
    return this.#next((index) => new OpenReasoning(newId('rs'), index, reasoning, this.#emit));
  }

  #message(): OpenMessage {
    if (this.#current instanceof OpenMessage) return this.#current;
    return this.#next((index) => new OpenMessage(this.#frame.newId('msg'), index, this.#said, this.#emit));
  }

  #search(step: SearchStep): void {
    this.#endCurrent();
    const index = this.#items.length;
    const { newId, showsSources } = this.#frame;
    this.#items.push({ open: new OpenSearch(newId('ws'), index, step, showsSources, this.#emit), done: undefined });
    this.#close(index, 'completed');
  }

  /** Citations of a text that has ended are too late. */
  #cite(citations: readonly UrlCitation[]): void {
    const open = this.#current;
    if (open instanceof OpenMessage) for (const citation of citations) if (citation.url_citation) open.cite(citation);
  }

  #next<T extends OpenMessage | OpenReasoning>(make: (index: number) => T): T {
    this.#endCurrent();
    const open = make(this.#items.length);
    this.#currentAt = this.#items.push({ open, done: undefined }) - 1;
    this.#current = open;
    return open;
  }

  #endCurrent(): void {
    if (this.#current) this.#close(this.#currentAt, 'completed');
    if (this.#current instanceof OpenMessage) this.#said += this.#current.length;
    this.#current = undefined;
  }

  #close(index: number, status: string): void {
    const entry = this.#items[index];
    if (entry === undefined || entry.done !== undefined) return;
    entry.open.close(status);
    entry.done = entry.open.item(status);
  }

  /** Pieces of a call: its item begins when its name is known. A call that never gets one is left out. */
  #call(piece: ToolCall): void {
    const at = piece.index ?? 0;
    const text = piece.function?.arguments ?? '';
    const known = this.#calls.get(at);
    if (known) {
      if (text !== '') known.add(text);
      return;
    }
    const before = this.#waiting.get(at);
    const held = `${before?.function?.arguments ?? ''}${text}`;
    const call = { ...before, ...piece, function: { ...before?.function, ...piece.function, arguments: held } };
    const { name } = call.function;
    if (name === undefined || name === '') {
      this.#waiting.set(at, call);
      return;
    }
    this.#waiting.delete(at);
    this.#endCurrent();
    const { newId, tools } = this.#frame;
    const callId = call.id ? toCallId(call.id) : newId('call');
    const start = { callId, tool: tools.toolOf(name), index: this.#items.length, newId };
    const open = new OpenCall(start, this.#emit);
    this.#items.push({ open, done: undefined });
    this.#calls.set(at, open);
    if (held !== '') open.add(held);
  }

  /** Tells the response itself. */
  #tell(event: string, status: ResponseStatus, more: Partial<ResponseObject> = {}): void {
    const isEnd = status !== 'queued' && status !== 'in_progress';
    this.#last = this.#response(status, isEnd ? this.#output() : [], more);
    this.#emit(`response.${event}`, { response: this.#last });
  }

  #output(): Item[] {
    return this.#items.map(({ open, done }) => done ?? open.item('incomplete'));
  }

  #response(status: ResponseStatus, output: readonly Item[], more: Partial<ResponseObject> = {}): ResponseObject {
    const { id, createdAt, echo, now } = this.#frame;
    return {
      id,
      object: 'response',
      created_at: createdAt,
      status,
      completed_at: status === 'completed' ? now() : null,
      error: null,
      incomplete_details: null,
      model: this.#model,
      output,
      usage: null,
      ...echo,
      ...more,
    };
  }

  readonly #emit: Emit = (type, members) => {
    this.#batch.push({ type, sequence_number: this.#sequence++, ...members });
  };

  #taken(): ResponsesEvent[] {
    const events = this.#batch;
    this.#batch = [];
    return events;
  }
}
