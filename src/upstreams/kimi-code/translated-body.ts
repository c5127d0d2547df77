import { type DecoderOptions, MessagesDecoder } from '../../chat/anthropic/index.ts';
import { GatewayError } from '../../errors.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import { DONE_EVENT, writeEvent } from '../../stream/sse-writer.ts';
import type { ReplyBody } from '../adapter.ts';

/** The largest event of the surface; the pipeline has its own limit for what is made of it. */
const EVENT_LIMIT = 64 * 1024 * 1024;

/** Anthropic's events as the hub's. It ends with `[DONE]`, or throws stream_cut where `message_stop` never came. */
export function translatedBody(source: ReplyBody, options: DecoderOptions): ReplyBody {
  return {
    [Symbol.asyncIterator]: () => translate(source, options),
    release: () => source.release(),
  };
}

async function* translate(source: ReplyBody, options: DecoderOptions): AsyncGenerator<Buffer> {
  const reader = new SseReader(EVENT_LIMIT);
  const decoder = new MessagesDecoder(options);
  for await (const piece of source) {
    const run = reader.push(piece);
    const out = run ? translateRun(run, decoder) : [];
    if (out.length > 0) yield Buffer.concat(out);
  }
  // An event whose blank line never came counts if its data is whole.
  const rest = reader.rest();
  if (rest && !decoder.done)
    yield Buffer.concat(translateRun(Buffer.concat([rest, Buffer.from('\n\n')]), decoder, true));
  if (!decoder.done && !decoder.failed) throw new GatewayError('stream_cut');
}

function translateRun(run: Buffer, decoder: MessagesDecoder, mayBreak = false): Buffer[] {
  const out: Buffer[] = [];
  for (const { data } of splitEvents(run)) {
    if (data === undefined || decoder.done) continue;
    const event = parse(data);
    if (event === undefined && !mayBreak) {
      throw new GatewayError('upstream_garbled', { message: 'The surface sent an event that is not JSON.' });
    }
    out.push(...decoder.add(event).map(writeEvent));
    if (decoder.done) out.push(DONE_EVENT);
  }
  return out;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
