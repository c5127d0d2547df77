import { GatewayError } from '../../errors.ts';
import { type Frame, FrameReader } from './connect-frames.ts';
import { TextBlock } from './text-block.ts';
import type { WebEvent, WebReader } from './web-event.ts';
import { connectFailure, exceptionFailure, toGatewayError } from './web-failure.ts';
import { listAt, parseObject, textAt, valueAt } from './wire-value.ts';

type Member = Readonly<Record<string, unknown>>;

/** A change of the conversation's state, in one form whichever way it was written. */
interface Change {
  readonly isAppend: boolean;
  readonly masks: readonly string[];
  readonly value: Member;
}

/**
 * The frames of `ChatService/Chat`. Text is taken from blocks of the answer only, never from `message` frames: the first of
 * those echoes the prompt, and the blocks inside the others repeat what the block frames said.
 */
export class ConnectReader implements WebReader {
  readonly #surface: string;
  readonly #frames: FrameReader;
  readonly #blocks = new Map<string, TextBlock>();
  /** Blocks that were marked as thinking though they are text. */
  readonly #thinking = new Set<string>();
  /** The answer, and whose blocks come now if they do not say it. */
  #answer: string | undefined;
  #isGenerating = false;
  #isForeign = false;
  #isDone = false;
  #ended = false;

  constructor(surface: string, limit: number, encoding: string | undefined) {
    this.#surface = surface;
    this.#frames = new FrameReader(limit, encoding);
  }

  push(piece: Buffer): WebEvent[] {
    const events: WebEvent[] = [];
    if (this.#ended) return events;
    try {
      for (const frame of this.#frames.push(piece)) {
        events.push(...this.#frame(frame));
        if (this.#ended) break;
      }
    } catch (thrown) {
      events.push(...this.#end({ kind: 'failed', error: GatewayError.from(thrown) }));
    }
    return events;
  }

  /** A body without an end-of-stream frame is cut by the protocol's rule, unless the server had said `done` before. */
  end(): WebEvent[] {
    if (this.#ended) return [];
    if (this.#isDone && !this.#frames.pending) return this.#end({ kind: 'end' });
    return this.#end({ kind: 'failed', error: new GatewayError('stream_cut') });
  }

  #frame({ isEnd, payload }: Frame): WebEvent[] {
    // Frames of length zero occur and mean nothing.
    if (payload === '' && !isEnd) return [];
    const value = parseObject(payload === '' ? '{}' : payload);
    if (value === undefined) {
      const message = 'The web chat sent a frame that is not a JSON object.';
      return this.#end({ kind: 'failed', error: new GatewayError('upstream_garbled', { message }) });
    }
    if (isEnd) return this.#end(this.#trailer(value));
    if (isEmptyObject(value['done'])) this.#isDone = true;
    return this.#change(changeOf(value));
  }

  #trailer(trailer: Member): WebEvent {
    const said = connectFailure(trailer['error']);
    if (said === undefined || this.#isDone) return { kind: 'end' };
    return this.#failure(toGatewayError(this.#surface, said, { status: 200 }));
  }

  #change({ isAppend, masks, value }: Change): WebEvent[] {
    const chat = textAt(value, 'chat', 'id');
    return [
      ...(chat === undefined ? [] : [{ kind: 'chat', id: chat } as const]),
      ...this.#message(valueAt(value, 'message')),
      ...this.#block(valueAt(value, 'block'), masks, isAppend),
      ...reference(valueAt(value, 'ref')),
    ];
  }

  /** Later frames of a message repeat its id without its role. */
  #message(message: unknown): WebEvent[] {
    const id = textAt(message, 'id');
    const role = textAt(message, 'role');
    const sources = [
      ...listAt(message, 'refs', 'searchChunks').flatMap((chunk) => sourceOf(chunk, false)),
      ...listAt(message, 'refs', 'usedSearchChunks').flatMap((chunk) => sourceOf(chunk, true)),
    ];
    if (id === undefined || role === undefined) return sources;
    const isGenerating = textAt(message, 'status') === 'MESSAGE_STATUS_GENERATING';
    // The first one, unless that turns out to be an earlier answer and this one is being written.
    const isBetter = this.#answer === undefined || (isGenerating && !this.#isGenerating);
    if (role === 'assistant' && isBetter) {
      this.#answer = id;
      this.#isGenerating = isGenerating;
      this.#isForeign = false;
      return [{ kind: 'answer', id }, ...sources];
    }
    this.#isForeign = id !== this.#answer;
    return sources;
  }

  #block(block: unknown, masks: readonly string[], isAppend: boolean): WebEvent[] {
    if (typeof block !== 'object' || block === null || this.#belongsToOthers(block)) return [];
    const exception = valueAt(block, 'exception', 'error');
    if (exception !== undefined) return this.#end(this.#exception(exception));
    const id = textAt(block, 'id') ?? '';
    const flags = valueAt(block, 'text', 'flags');
    if (flags === 'thinking') this.#thinking.add(id);
    if (flags === 'answer') this.#thinking.delete(id);
    const pages = listAt(block, 'search', 'webPages').flatMap(pageOf);
    const kind = this.#thinking.has(id) ? 'thinking' : 'text';
    return [
      ...pages,
      ...this.#grow(`think ${id}`, 'thinking', { part: valueAt(block, 'think'), name: 'think', masks, isAppend }),
      ...this.#grow(`text ${id}`, kind, { part: valueAt(block, 'text'), name: 'text', masks, isAppend }),
    ];
  }

  #belongsToOthers(block: unknown): boolean {
    const owner = textAt(block, 'messageId') ?? textAt(block, 'message_id');
    if (owner === undefined || owner === '') return this.#isForeign;
    return this.#answer !== undefined && owner !== this.#answer;
  }

  #grow(
    key: string,
    kind: 'text' | 'thinking',
    { part, name, masks, isAppend }: { part: unknown; name: string; masks: readonly string[]; isAppend: boolean },
  ): WebEvent[] {
    if (part === undefined) return [];
    const isContent = masks.length === 0 || masks.some((mask) => CONTENT_MASKS.includes(mask.replace(name, '*')));
    const content = textAt(part, 'content');
    if (!isContent || (isAppend && content === undefined)) return [];
    const block = this.#blocks.get(key) ?? new TextBlock();
    this.#blocks.set(key, block);
    const text = isAppend ? block.append(content ?? '') : block.set(content ?? '');
    return text === '' ? [] : [{ kind, text }];
  }

  /** A retracted block is text that the filter took back. */
  #exception(exception: unknown): WebEvent {
    const error = toGatewayError(this.#surface, exceptionFailure(exception), { status: 200 });
    if (textAt(exception, 'severity') !== 'SEVERITY_BLOCK_RETRACT') return this.#failure(error);
    return { kind: 'filtered', error: new GatewayError('content_filter', error.details) };
  }

  #failure(error: GatewayError): WebEvent {
    return { kind: error.code === 'content_filter' ? 'filtered' : 'failed', error };
  }

  #end(last: WebEvent): WebEvent[] {
    this.#ended = true;
    return [last];
  }
}

/** Which parts of a block a change of its content may name. */
const CONTENT_MASKS = ['block', 'block.*', 'block.*.content'];

/** Newer clients also know `OPERATOR_SET`, `mask.paths` and `event.case` (tests of kabxx/portal). */
function changeOf(frame: Member): Change {
  const op = textAt(frame, 'op')?.toLowerCase().replace('operator_', '');
  const mask = textAt(frame, 'mask');
  const paths = listAt(frame, 'mask', 'paths').filter((path) => typeof path === 'string');
  const member = textAt(frame, 'event', 'case');
  const value = member === undefined ? frame : { [member]: valueAt(frame, 'event', 'value') };
  return { isAppend: op === 'append', masks: mask === undefined ? paths : [mask], value };
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function reference(ref: unknown): WebEvent[] {
  return ref === undefined ? [] : sourceOf(valueAt(ref, 'search') ?? ref, true);
}

function sourceOf(chunk: unknown, used: boolean): WebEvent[] {
  const url = textAt(chunk, 'base', 'url');
  if (url === undefined) return [];
  const title = textAt(chunk, 'base', 'title') ?? url;
  return [{ kind: 'source', source: { url, title, mark: String(valueAt(chunk, 'id') ?? ''), used } }];
}

function pageOf(page: unknown): WebEvent[] {
  const url = textAt(page, 'url');
  if (url === undefined) return [];
  return [{ kind: 'source', source: { url, title: textAt(page, 'title') ?? url, mark: '', used: false } }];
}
