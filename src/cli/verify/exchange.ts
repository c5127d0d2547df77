import { collect } from '../../stream/byte-source.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import { Failure } from '../command.ts';
import { parsed } from './json-at.ts';

/** What an endpoint answered, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string;
  readonly text: string;
  /** Undefined if the text is no JSON. */
  readonly json: unknown;
}

export interface ReceivedEvent {
  readonly name: string | undefined;
  readonly data: string;
  readonly json: unknown;
}

/** A stream as it came, to its end. */
export interface EventStream extends Answer {
  readonly events: readonly ReceivedEvent[];
  /** The connection broke off. */
  readonly isCut: boolean;
  /** Bytes behind the last whole event. */
  readonly rest: string;
}

const BODY_LIMIT = 32 * 1024 * 1024;

export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const tooLong = () =>
    new Failure(
      { en: `An answer of more than ${BODY_LIMIT} bytes.`, zh: `回答超过 ${BODY_LIMIT} 字节。` },
      { code: 'upstream_too_long' },
    );
  const text = response.body ? (await collect(bytesOf(response.body), BODY_LIMIT, tooLong)).toString('utf8') : '';
  return { status, headers, type: headers.get('content-type') ?? '', text, json: parsed(text) };
}

async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of body) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

/** Every event up to where the stream ends or breaks off. */
export async function readEventStream(response: Response): Promise<EventStream> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  const reader = new SseReader(BODY_LIMIT);
  const events: ReceivedEvent[] = [];
  const pieces: Buffer[] = [];
  let isCut = false;
  try {
    for await (const piece of response.body ? bytesOf(response.body) : []) {
      pieces.push(piece);
      const run = reader.push(piece);
      if (run) events.push(...splitEvents(run).flatMap(toEvent));
    }
  } catch (cause) {
    if (cause instanceof DOMException) throw cause; // we gave it up ourselves
    isCut = true;
  }
  const text = Buffer.concat(pieces).toString('utf8');
  return {
    status,
    headers,
    type,
    text,
    json: parsed(text),
    events,
    isCut,
    rest: reader.rest()?.toString('utf8') ?? '',
  };
}

/** Comments carry no data. */
function toEvent({ raw, data }: { raw: Buffer; data: string | undefined }): ReceivedEvent[] {
  if (data === undefined) return [];
  const name = /^event: ?(.*)$/m.exec(raw.toString('utf8'))?.[1]?.trim();
  return [{ name, data, json: parsed(data) }];
}
