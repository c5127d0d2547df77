import { pipeline, type Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { GatewayError } from '../errors.ts';
import { ByteSource } from '../stream/byte-source.ts';
import type { HttpReply } from './http-call.ts';

/** Servers, and proxies before them, compress although they are asked not to (`accept-encoding: identity`). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
};

/** `content-encoding`, unless the bytes are plain. */
export function encodingOf({ headers }: Pick<HttpReply, 'headers'>): string | undefined {
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

/** The same answer in plain bytes, as they arrive; as it is where nobody knows the encoding. */
export function unpacked(reply: HttpReply): HttpReply {
  const encoding = encodingOf(reply);
  const decoder = encoding !== undefined && Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (decoder === undefined) return reply;
  const { 'content-encoding': _packed, 'content-length': _length, ...headers } = reply.headers;
  return { status: reply.status, headers, body: through(reply.body, decoder) };
}

/** Throws where an answer is packed in a way that nobody knows. */
export async function requirePlain(surface: string, reply: HttpReply): Promise<void> {
  const encoding = encodingOf(reply);
  if (encoding === undefined) return;
  await reply.body.return();
  throw new GatewayError('upstream_garbled', {
    surface,
    message: `The surface sent its answer as ${encoding.slice(0, 50)}, although it was asked for plain bytes.`,
  });
}

function through(source: ByteSource, decoder: Transform): ByteSource {
  const body = new ByteSource();
  body.tap = {
    pause: () => decoder.pause(),
    resume: () => decoder.resume(),
    // A pipeline would wait for the next piece before it ends.
    abort: () => {
      decoder.destroy();
      void source.return();
    },
  };
  const fail = (error: Error): void => body.fail(toFailure(error));
  decoder.on('data', (piece: Buffer) => body.push(piece));
  decoder.on('end', () => body.end());
  decoder.on('error', fail);
  // It calls back when everything was written, which is before everything was read.
  pipeline(source, decoder, (error) => {
    if (error) fail(error);
  });
  return body;
}

function toFailure(thrown: Error): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'Z_BUF_ERROR') return new GatewayError('stream_cut', { cause: thrown });
  const message = 'The surface sent bytes that could not be decompressed.';
  return new GatewayError('upstream_garbled', { message, cause: thrown });
}
