import type { ChatChunk, ChatMessage } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import { DONE_EVENT, writeEvent } from '../../stream/sse-writer.ts';
import { CitationMarks } from './citation-marks.ts';
import { estimatedUsage } from './estimate-tokens.ts';
import { Sources } from './sources.ts';
import { ToolCallScanner } from './tool-call-scanner.ts';
import type { WebAsk } from './web-ask.ts';
import type { WebEvent } from './web-event.ts';
import { textAt } from './wire-value.ts';

/** What every chunk of an answer says of itself. */
export interface AnswerHead {
  readonly id: string;
  readonly created: number;
  /** A new id for a call of a function. */
  readonly callId: () => string;
}

const EMPTY = 'empty';

/** Whether the answer had an end and nothing before it. */
export function isEmpty({ details }: GatewayError): boolean {
  return textAt(details.extra, 'upstream', 'type') === EMPTY;
}

/** Turns the events of an answer into OpenAI's event stream: the role, the deltas, one closing chunk, `[DONE]`. */
export class AnswerChunks {
  /** The answer came to its end and everything was said. */
  ended = false;
  readonly #ask: WebAsk;
  readonly #head: AnswerHead;
  readonly #marks = new CitationMarks();
  readonly #scanner: ToolCallScanner | undefined;
  readonly #sources = new Sources();
  #text = '';
  #reasoning = '';
  #isLong = false;
  #begun = false;

  constructor(ask: WebAsk, head: AnswerHead) {
    this.#ask = ask;
    this.#head = head;
    this.#scanner = ask.functions.length > 0 ? new ToolCallScanner(ask.functions) : undefined;
  }

  /** What the events mean for the client, and the failure that ends them, if one does. */
  add(events: readonly WebEvent[]): { readonly bytes: Buffer; readonly failure: GatewayError | undefined } {
    const out: Buffer[] = [];
    let failure: GatewayError | undefined;
    for (const event of joined(events)) {
      if (this.ended || failure) break;
      failure = this.#event(event, out);
    }
    return { bytes: Buffer.concat(out), failure };
  }

  #event(event: WebEvent, out: Buffer[]): GatewayError | undefined {
    switch (event.kind) {
      case 'thinking':
        this.#reasoning += event.text;
        this.#delta(out, { reasoning_content: event.text });
        return undefined;
      case 'text': {
        const clean = this.#marks.push(event.text);
        this.#say(out, this.#scanner ? this.#scanner.push(clean) : clean);
        return undefined;
      }
      case 'source':
        this.#sources.add(event.source);
        return undefined;
      case 'length':
        this.#isLong = true;
        return undefined;
      case 'filtered':
        // Nothing was said yet: then it is an error with its own status. Else what was said stays said.
        if (!this.#begun) return event.error;
        return this.#close(out, 'content_filter');
      case 'failed':
        return event.error;
      case 'end':
        return this.#finish(out);
      default:
        return undefined;
    }
  }

  #finish(out: Buffer[]): GatewayError | undefined {
    const rest = this.#marks.end();
    if (this.#scanner === undefined) this.#say(out, rest);
    else this.#say(out, this.#scanner.push(rest));
    const { calls, text } = this.#scanner?.end() ?? { calls: [], text: '' };
    this.#say(out, text);
    if (calls.length > 0) {
      const tool_calls = calls.map(({ name, arguments: json }, index) => ({
        ...{ index, id: this.#head.callId(), type: 'function' },
        function: { name, arguments: json },
      }));
      this.#delta(out, { tool_calls });
      for (const { name, arguments: json } of calls) this.#text += `${name}${json}`;
      return this.#close(out, 'tool_calls');
    }
    if (!this.#begun) {
      // A deleted chat, or one that the server gave up, answers with nothing (LLM-Red-Team/kimi-free-api issue 160).
      return new GatewayError('upstream_error', {
        message: 'The web chat answered with nothing.',
        extra: { upstream: { type: EMPTY } },
      });
    }
    if (this.#ask.sources === 'text') this.#say(out, this.#sources.text());
    return this.#close(out, this.#isLong ? 'length' : 'stop');
  }

  #say(out: Buffer[], text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#delta(out, { content: text });
  }

  #close(out: Buffer[], finish: string): undefined {
    const annotations = this.#ask.sources === 'annotations' ? this.#sources.annotations(this.#text) : [];
    const delta: ChatMessage = annotations.length > 0 ? { annotations } : {};
    const usage = estimatedUsage(this.#ask.prompt, this.#reasoning, this.#text);
    const { includeUsage } = this.#ask;
    this.#chunk(out, { choices: [{ index: 0, delta, finish_reason: finish }], ...(includeUsage ? {} : { usage }) });
    if (includeUsage) this.#chunk(out, { choices: [], usage });
    out.push(DONE_EVENT);
    this.ended = true;
    return undefined;
  }

  #delta(out: Buffer[], delta: ChatMessage): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#chunk(out, { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
    }
    this.#chunk(out, { choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #chunk(out: Buffer[], rest: ChatChunk): void {
    const { id, created } = this.#head;
    out.push(writeEvent({ id, object: 'chat.completion.chunk', created, model: this.#ask.modelName, ...rest }));
  }
}

/** Neighbours of one kind as one: what came in one read of the socket leaves in one chunk. */
function joined(events: readonly WebEvent[]): WebEvent[] {
  const list: WebEvent[] = [];
  for (const event of events) {
    const last = list.at(-1);
    if ((event.kind === 'text' || event.kind === 'thinking') && last?.kind === event.kind) {
      list[list.length - 1] = { kind: event.kind, text: last.text + event.text };
    } else list.push(event);
  }
  return list;
}
