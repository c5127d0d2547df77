import { OWN_SIGNATURE, toFinish, toHubUsage } from '../chat/anthropic/index.ts';
import { GatewayError } from '../errors.ts';
import { type SseEvent, splitEvents } from '../stream/sse-reader.ts';
import { writeNamedEvent } from '../stream/sse-writer.ts';
import type { ReplyBody } from '../upstreams/adapter.ts';
import type { Outcome } from './call.ts';
import { type EventPass, type EventReading, looksWhole, parseEvent, readEvents } from './read-events.ts';

export interface MessagesStreamReading extends EventReading {
  /** Turns an error object inside the stream into the error that it means. */
  readonly explain: (error: unknown) => GatewayError;
  readonly outcome: Outcome;
  /** The client's name of a tool that the answer calls, where it went up under another one. */
  readonly toolName?: ((name: string) => string) | undefined;
}

/**
 * The events of an Anthropic face as the bytes that came, but for thinking without a signature, which gets ours. The
 * stream has one end: it returns behind `message_stop`, and throws stream_cut, or the error that the surface sent.
 */
export function readMessagesStream(source: ReplyBody, reading: MessagesStreamReading): AsyncGenerator<Buffer> {
  return readEvents(source, new MessagesPass(reading), reading);
}

/** What only the other events have: a run without these is text, thinking and arguments, and goes on unread. */
const SIGNS = ['message_', 'content_block_st', 'signature_', '"error"'].map((text) => Buffer.from(text));

const NOTHING = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\n\n');

type Members = Readonly<Record<string, unknown>>;

class MessagesPass implements EventPass {
  /** `message_stop` was read. */
  done = false;
  /** Nothing that is done to these events cuts them off. */
  readonly enough = false;
  failure: unknown;
  readonly #reading: MessagesStreamReading;
  #usage: Members = {};
  /** The block of thinking that is open and not signed yet. */
  #unsigned: unknown;
  #hasCalls = false;

  constructor(reading: MessagesStreamReading) {
    this.#reading = reading;
  }

  run(run: Buffer, begun: boolean): Buffer {
    if (!SIGNS.some((sign) => run.includes(sign)) && looksWhole(run)) return run;
    return this.#read(run, begun, false);
  }

  /** An event whose blank line never came counts if its data is whole. */
  end(rest: Buffer | undefined): Buffer {
    const last = rest && !this.done ? this.#read(Buffer.concat([rest, BLANK_LINE]), true, true) : NOTHING;
    if (!this.done) throw this.failure ?? new GatewayError('stream_cut');
    return last;
  }

  #read(run: Buffer, begun: boolean, isTorn: boolean): Buffer {
    const out: Buffer[] = [];
    try {
      for (const event of splitEvents(run)) {
        out.push(...this.#event(event, isTorn));
        if (this.done) break;
      }
    } catch (thrown) {
      if (!begun) throw thrown;
      this.failure = thrown;
    }
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }

  #event({ raw, data }: SseEvent, isTorn: boolean): readonly Buffer[] {
    if (data === undefined) return isTorn ? [] : [raw];
    const event = parseEvent(data);
    if (event === undefined) {
      if (isTorn) return [];
      throw new GatewayError('upstream_garbled', { message: 'The surface sent an event that is not a JSON object.' });
    }
    switch (event['type']) {
      case 'message_start':
        this.#count(membersOf(event['message'])['usage']);
        return [raw];
      case 'content_block_start':
        return this.#open(event, raw);
      case 'content_block_delta':
        if (membersOf(event['delta'])['type'] === 'signature_delta') this.#unsigned = undefined;
        return [raw];
      case 'content_block_stop':
        return this.#unsigned === undefined || this.#unsigned !== event['index'] ? [raw] : this.#sign(raw);
      case 'message_delta':
        this.#close(event);
        return [raw];
      case 'message_stop':
        this.done = true;
        return [raw];
      case 'error':
        throw this.#reading.explain(event['error']);
      default: // ping, and what is not known yet
        return [raw];
    }
  }

  #open(event: Members, raw: Buffer): readonly Buffer[] {
    const block = membersOf(event['content_block']);
    const isUnsigned = block['type'] === 'thinking' && (block['signature'] ?? '') === '';
    this.#unsigned = isUnsigned ? event['index'] : undefined;
    const clients = isUnsigned ? { signature: '', ...block } : this.#named(block);
    if (Object.keys(clients).every((member) => clients[member] === block[member])) return [raw];
    return [writeNamedEvent('content_block_start', { ...event, content_block: clients })];
  }

  #named(block: Members): Members {
    if (block['type'] !== 'tool_use') return block;
    this.#hasCalls = true;
    const { toolName } = this.#reading;
    return toolName ? { ...block, name: toolName(String(block['name'])) } : block;
  }

  #sign(raw: Buffer): readonly Buffer[] {
    const delta = { type: 'signature_delta', signature: OWN_SIGNATURE };
    const event = { type: 'content_block_delta', index: this.#unsigned, delta };
    this.#unsigned = undefined;
    return [writeNamedEvent('content_block_delta', event), raw];
  }

  #close(event: Members): void {
    const { stop_reason: reason, stop_sequence: sequence } = membersOf(event['delta']);
    this.#count(event['usage']);
    if (typeof reason === 'string') {
      this.#reading.outcome.finishReason = toFinish(reason, sequence, this.#hasCalls).finish_reason;
    }
  }

  #count(usage: unknown): void {
    const told = Object.entries(membersOf(usage)).filter(([, value]) => value !== null && value !== undefined);
    if (told.length === 0) return;
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
    this.#reading.outcome.usage = toHubUsage(this.#usage);
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}
