import { GatewayError } from '../../errors.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import type { WebEvent, WebReader } from './web-event.ts';
import { classicFailure, toGatewayError } from './web-failure.ts';
import { listAt, parseObject, textAt, valueAt } from './wire-value.ts';

type Event = Readonly<Record<string, unknown>>;

/**
 * The event stream of `/api/chat/{id}/completion/stream`. Only `cmpl` and `k1` are text: `req` echoes the prompt, `rename` is
 * a title, `done` is not the end (meutils has text behind it). `all_done` and `[DONE]` are ends; a bare end of bytes is a cut.
 */
export class ClassicReader implements WebReader {
  readonly #surface: string;
  readonly #events: SseReader;
  #ended = false;

  constructor(surface: string, limit: number) {
    this.#surface = surface;
    this.#events = new SseReader(limit);
  }

  push(piece: Buffer): WebEvent[] {
    if (this.#ended) return [];
    try {
      const run = this.#events.push(piece);
      return run === undefined ? [] : this.#run(run);
    } catch (thrown) {
      // An event beyond the limit.
      return this.#end({ kind: 'failed', error: GatewayError.from(thrown) });
    }
  }

  end(): WebEvent[] {
    const rest = this.#ended ? undefined : this.#events.rest();
    // An event whose blank line never came counts if its data is whole.
    const [last] = rest === undefined ? [] : splitEvents(Buffer.concat([rest, Buffer.from('\n\n')]));
    const isWhole = last?.data !== undefined && (last.data === '[DONE]' || parseObject(last.data) !== undefined);
    const events = isWhole && last?.raw !== undefined ? this.#run(last.raw) : [];
    return this.#ended ? events : [...events, { kind: 'failed', error: new GatewayError('stream_cut') }];
  }

  #run(run: Buffer): WebEvent[] {
    const events: WebEvent[] = [];
    for (const { data } of splitEvents(run)) {
      if (data === undefined || data.trim() === '') continue;
      events.push(...this.#data(data));
      if (this.#ended) break;
    }
    return events;
  }

  #data(data: string): WebEvent[] {
    if (data === '[DONE]') return this.#end({ kind: 'end' });
    const event = parseObject(data);
    if (event !== undefined) return this.#event(event);
    const message = 'The web chat sent an event that is not a JSON object.';
    return this.#end({ kind: 'failed', error: new GatewayError('upstream_garbled', { message }) });
  }

  #event(event: Event): WebEvent[] {
    switch (event['event']) {
      case 'cmpl':
        return said('text', event);
      case 'k1':
        return said('thinking', event);
      case 'resp':
        return typeof event['id'] === 'string' ? [{ kind: 'answer', id: event['id'] }] : [];
      case 'search_plus':
        return found(event);
      case 'ref_docs':
        return listAt(event, 'ref_cards').flatMap(cited);
      case 'length':
        return [{ kind: 'length' }];
      case 'all_done':
        return this.#end({ kind: 'end' });
      case 'error':
        return this.#end(this.#failure(event));
      default:
        return [];
    }
  }

  #failure(event: Event): WebEvent {
    const error = toGatewayError(this.#surface, classicFailure(event) ?? {}, { status: 200 });
    return { kind: error.code === 'content_filter' ? 'filtered' : 'failed', error };
  }

  #end(last: WebEvent): WebEvent[] {
    this.#ended = true;
    return [last];
  }
}

function said(kind: 'text' | 'thinking', event: Event): WebEvent[] {
  const { text } = event;
  return typeof text === 'string' && text !== '' ? [{ kind, text }] : [];
}

/** One `get_res` for each page; `successNum` counts them from 1. */
function found(event: Event): WebEvent[] {
  const page = valueAt(event, 'msg');
  const url = textAt(page, 'url');
  if (textAt(page, 'type') !== 'get_res' || url === undefined) return [];
  const mark = String(valueAt(page, 'successNum') ?? '');
  return [{ kind: 'source', source: { url, title: textAt(page, 'title') ?? url, mark, used: false } }];
}

function cited(card: unknown, index: number): WebEvent[] {
  const url = textAt(card, 'url');
  if (url === undefined) return [];
  const mark = String(valueAt(card, 'ref_id') ?? index + 1);
  return [{ kind: 'source', source: { url, title: textAt(card, 'title') ?? url, mark, used: true } }];
}
