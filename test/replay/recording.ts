import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a reader of the stream must end up with, whatever the network did to it. */
export interface Expected {
  readonly reasoning: string;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  /** The web chat tells none: there it is an estimate. */
  readonly usage: { readonly prompt: number; readonly completion: number; readonly cached: number } | 'estimated';
  readonly finish: string;
  readonly sources?: readonly string[];
}

/** How lines become bytes: events, events with names, Connect's envelopes. */
type Framing = 'sse' | 'named-sse' | 'connect';

export interface Recording {
  readonly name: string;
  readonly framing: Framing;
  readonly how: string;
  readonly expected: Expected;
  /** What goes up, as far as it must be so. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly lines: readonly unknown[];
}

const FOLDER = 'test/fixtures';
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

export const RECORDINGS: readonly Recording[] = readdirSync(FOLDER).map((name) => {
  const folder = join(FOLDER, name);
  const { frame, how, expected } = json(join(folder, 'meta.json')) as Pick<Recording, 'how' | 'expected'> & {
    frame: Framing;
  };
  const lines = readFileSync(join(folder, 'reply.jsonl'), 'utf8').trimEnd().split('\n');
  const request = json(join(folder, 'request.json')) as Recording['request'];
  return { name, framing: frame, how, expected, request, lines: lines.map((line) => JSON.parse(line) as unknown) };
});

export interface Wire {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The forms in which the same answer comes: with CR LF, with every frame packed, with the whole body packed. */
export type Form = 'plain' | 'crlf' | 'packed frames' | 'gzip';

export function formsOf({ framing }: Recording): readonly Form[] {
  return framing === 'connect' ? ['plain', 'packed frames', 'gzip'] : ['plain', 'crlf', 'gzip'];
}

export function wireOf(recording: Recording, form: Form): Wire {
  if (form === 'gzip') {
    const { headers, bytes } = wireOf(recording, 'plain');
    return { headers: { ...headers, 'content-encoding': 'gzip' }, bytes: gzipSync(bytes) };
  }
  return recording.framing === 'connect' ? framesOf(recording, form) : eventsOf(recording, form);
}

function eventsOf({ lines, framing }: Recording, form: Form): Wire {
  const end = form === 'crlf' ? '\r\n' : '\n';
  const events = lines.map((line) => {
    if (typeof line === 'string' && line.startsWith(':')) return `${line}${end}${end}`;
    const data = typeof line === 'string' ? line : JSON.stringify(line);
    const name = framing === 'named-sse' ? `event: ${(line as { type: string }).type}${end}` : '';
    return `${name}data: ${data}${end}${end}`;
  });
  return { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, bytes: Buffer.from(events.join('')) };
}

const PACKED = 0x01;
const END = 0x02;

function framesOf({ lines }: Recording, form: Form): Wire {
  const frames = lines.map((line, index) => {
    const isEnd = index === lines.length - 1;
    const plain = Buffer.from(isEnd ? '{}' : JSON.stringify(line));
    const payload = form === 'packed frames' ? gzipSync(plain) : plain;
    const head = Buffer.alloc(5);
    head[0] = (isEnd ? END : 0) | (form === 'packed frames' ? PACKED : 0);
    head.writeUInt32BE(payload.length, 1);
    return Buffer.concat([head, payload]);
  });
  const packing = form === 'packed frames' ? { 'connect-content-encoding': 'gzip' } : {};
  return { headers: { 'content-type': 'application/connect+json', ...packing }, bytes: Buffer.concat(frames) };
}

/** Pieces of `size` bytes, the last one shorter. */
export function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
