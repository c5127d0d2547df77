import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { ByteSource } from '../../stream/byte-source.ts';
import { unpacked } from '../unpacked.ts';
import { ClassicReader } from './classic-reader.ts';
import { toFrame } from './connect-frames.ts';
import { ConnectReader } from './connect-reader.ts';
import type { WebEvent, WebReader } from './web-event.ts';

const LIMIT = 1 << 20;
const THINK = '想一想 🤔';
const SAY = '你好 😀 answer[^1^] data: [DONE] {"event":"cmpl"} unauthenticated';
const SCRIPT = `sim: think ${THINK}\nsim: say ${SAY}\nsim: source https://a.example/ö A page 页`;

type Protocol = 'classic' | 'connect';

const SHAPES: readonly (readonly [Protocol, string])[] = [
  ['classic', 'piece 4'],
  ['classic', 'piece 1'],
  ['classic', 'crlf'],
  ['classic', 'heartbeat'],
  ['classic', 'done 2'],
  ['classic', 'no-done'],
  ['classic', 'no-all-done'],
  ['connect', 'piece 4'],
  ['connect', 'piece 1'],
  ['connect', 'heartbeat'],
  ['connect', 'done 2'],
  ['connect', 'zero-frames'],
  ['connect', 'set-again'],
  ['connect', 'foreign WRONG'],
  ['connect', 'new-form'],
  ['connect', 'compress'],
  ['connect', 'no-end'],
  ['connect', 'no-all-done'],
];

let simulator: Simulator;
let token = '';
const recorded = new Map<string, Buffer>();

beforeAll(async () => {
  simulator = await startSimulator();
  token = simulator.webAccount().logIn().accessToken;
  for (const [protocol, line] of SHAPES) recorded.set(`${protocol} ${line}`, await record(protocol, line));
});
afterAll(() => simulator.close());

async function record(protocol: Protocol, line: string): Promise<Buffer> {
  const prompt = `${SCRIPT}\nsim: ${line}`;
  const response = protocol === 'classic' ? await classicCall(prompt) : await connectCall(prompt);
  return Buffer.from(await response.arrayBuffer());
}

async function classicCall(content: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = (path: string, body: unknown) =>
    fetch(`${simulator.webBaseUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { id } = (await (await post('/api/chat', { name: 'x' })).json()) as { id: string };
  const messages = [{ role: 'user', content }];
  return post(`/api/chat/${id}/completion/stream`, { model: 'k1.5', use_search: true, messages });
}

function connectCall(content: string): Promise<Response> {
  const body = {
    ...{ scenario: 'SCENARIO_CHAT', tools: [{ type: 'TOOL_TYPE_SEARCH' }], options: { thinking: true } },
    message: { role: 'user', blocks: [{ text: { content } }] },
  };
  return fetch(`${simulator.webBaseUrl}/apiv2/kimi.gateway.chat.v1.ChatService/Chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/connect+json' },
    body: new Uint8Array(toFrame(body)),
  });
}

const readerFor = (protocol: Protocol): WebReader =>
  protocol === 'classic' ? new ClassicReader('web', LIMIT) : new ConnectReader('web', LIMIT, 'gzip');

interface Told {
  readonly thinking: string;
  readonly text: string;
  readonly sources: readonly string[];
  readonly last: string | undefined;
}

function told(events: readonly WebEvent[]): Told {
  const textOf = (kind: string) =>
    events.map((event) => (event.kind === kind && 'text' in event ? event.text : '')).join('');
  const used = events.flatMap((event) => (event.kind === 'source' && event.source.used ? [event.source.url] : []));
  return { thinking: textOf('thinking'), text: textOf('text'), sources: used, last: events.at(-1)?.kind };
}

const EXPECTED: Told = { thinking: THINK, text: SAY, sources: ['https://a.example/ö'], last: 'end' };

function readPieces(protocol: Protocol, pieces: readonly Buffer[]): Told {
  const reader = readerFor(protocol);
  const events = pieces.flatMap((piece) => reader.push(piece));
  return told([...events, ...reader.end()]);
}

/** Cuts bytes into pieces of these lengths, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const end = start + (lengths[turn % lengths.length] ?? 1);
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

describe.each(SHAPES)('%s, %s', (protocol, line) => {
  const bytes = () => recorded.get(`${protocol} ${line}`) ?? Buffer.alloc(0);

  test('is read exactly with a cut at every byte', () => {
    expect(bytes().length).toBeGreaterThan(500);
    const expected = JSON.stringify(EXPECTED);
    for (let at = 0; at <= bytes().length; at++) {
      const read = readPieces(protocol, [bytes().subarray(0, at), bytes().subarray(at)]);
      // A text is compared first: thousands of matchers take longer than thousands of streams.
      if (JSON.stringify(read) !== expected) expect([at, read]).toEqual([at, EXPECTED]);
    }
  });

  test('is read exactly in pieces of 1 to 7 bytes', () => {
    for (let size = 1; size <= 7; size++) expect(readPieces(protocol, cut(bytes(), [size]))).toEqual(EXPECTED);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }), (lengths) => {
        expect(readPieces(protocol, cut(bytes(), lengths))).toEqual(EXPECTED);
      }),
      { numRuns: 40 },
    );
  });

  test('a part of it is a beginning of the text, and a cut', () => {
    for (let at = 0; at < bytes().length; at += 11) {
      const part = readPieces(protocol, [bytes().subarray(0, at)]);
      expect(SAY.startsWith(part.text)).toBe(true);
      expect(THINK.startsWith(part.thinking)).toBe(true);
      expect(['failed', 'end']).toContain(part.last);
      if (part.last === 'end') expect(part.text).toBe(SAY);
    }
  });
});

describe('compressed bodies', () => {
  async function unpack(pieces: readonly Buffer[]): Promise<Buffer[]> {
    const body = new ByteSource();
    for (const piece of pieces) body.push(piece);
    body.end();
    const out: Buffer[] = [];
    for await (const piece of unpacked({ status: 200, headers: { 'content-encoding': 'gzip' }, body }).body) {
      out.push(piece);
    }
    return out;
  }

  test.each([
    ['classic', 'crlf'],
    ['connect', 'piece 4'],
  ] as const)('%s is read exactly, wherever the compressed bytes were cut', async (protocol, line) => {
    const packed = gzipSync(recorded.get(`${protocol} ${line}`) ?? '');
    for (let at = 0; at < packed.length; at += 1) {
      const pieces = await unpack([packed.subarray(0, at), packed.subarray(at)]);
      expect([at, readPieces(protocol, pieces)]).toEqual([at, EXPECTED]);
    }
    for (let size = 1; size <= 7; size++) {
      expect(readPieces(protocol, await unpack(cut(packed, [size])))).toEqual(EXPECTED);
    }
  });

  test('what arrives is passed on before the end', async () => {
    const { createGzip, constants } = await import('node:zlib');
    const gzip = createGzip();
    const body = new ByteSource();
    gzip.on('data', (bytes: Buffer) => body.push(bytes));
    gzip.write('first');
    gzip.flush(constants.Z_SYNC_FLUSH);
    const pieces = unpacked({ status: 200, headers: { 'content-encoding': 'gzip' }, body }).body;
    expect(String((await pieces.next()).value)).toBe('first');
    let aborted = false;
    body.tap = { pause() {}, resume() {}, abort: () => (aborted = true) };
    await pieces.return();
    await expect.poll(() => aborted).toBe(true);
  });

  test('cut or broken bytes are failures', async () => {
    const packed = gzipSync('some text that is long enough to be cut');
    await expect(unpack([packed.subarray(0, 20)])).rejects.toMatchObject({ code: 'stream_cut' });
    await expect(unpack([Buffer.from('not gzip at all')])).rejects.toMatchObject({ code: 'upstream_garbled' });
  });
});

test('what is larger than the limit is a failure behind the text', () => {
  for (const reader of [new ClassicReader('web', 100), new ConnectReader('web', 100, undefined)]) {
    const isClassic = reader instanceof ClassicReader;
    const said = isClassic
      ? Buffer.from('data: {"event":"cmpl","text":"x"}\n\n')
      : toFrame({ op: 'set', block: { id: '1', text: { content: 'x' } } });
    const giant = 'y'.repeat(200);
    const events = [...reader.push(said), ...reader.push(isClassic ? Buffer.from(`data: ${giant}`) : toFrame(giant))];
    expect(events.map(({ kind }) => kind)).toEqual(['text', 'failed']);
    expect(reader.end()).toEqual([]);
  }
});

describe('noise', () => {
  test('bytes of any kind end in a failure and never in an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.boolean(), (pieces, isClassic) => {
        const reader = readerFor(isClassic ? 'classic' : 'connect');
        const events = [...pieces.flatMap((piece) => reader.push(Buffer.from(piece))), ...reader.end()];
        expect(events.at(-1)?.kind).toMatch(/^(failed|end)$/);
      }),
    );
  });

  test('JSON of any shape is ignored or understood', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom(...MEMBERS), fc.jsonValue())), (values) => {
        const connect = readerFor('connect');
        const classic = readerFor('classic');
        for (const value of values) {
          connect.push(toFrame(value));
          classic.push(Buffer.from(`data: ${JSON.stringify(value)}\n\n`));
        }
        expect([connect.end().length, classic.end().length].every((count) => count <= 1)).toBe(true);
      }),
    );
  });
});

const MEMBERS = ['op', 'mask', 'block', 'message', 'chat', 'done', 'ref', 'event', 'text', 'error', 'ref_cards', 'msg'];
