import { pipeline, type Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { GatewayError } from '../../errors.ts';
import type { HttpReply } from '../http-call.ts';

/** Servers compress although they are asked not to (`accept-encoding: identity`). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
};

/** The plain bytes of an answer, as they arrive. */
export function decompressed({ headers, body }: HttpReply): AsyncIterable<Buffer> {
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return body;
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) {
    throw new GatewayError('upstream_garbled', { message: `The web chat sent content-encoding ${encoding}.` });
  }
  return through(body, decoder());
}

async function* through(source: HttpReply['body'], decoder: Transform): AsyncGenerator<Buffer> {
  // The error of either end arrives where the decoder is read.
  pipeline(source, decoder, () => {});
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) yield piece;
  } catch (thrown) {
    throw toFailure(thrown);
  } finally {
    // A reader that leaves early: the pipeline itself would wait for the next piece first.
    await source.return();
  }
}

function toFailure(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'Z_BUF_ERROR') return new GatewayError('stream_cut', { cause: thrown });
  const message = 'The web chat sent bytes that could not be decompressed.';
  return new GatewayError('upstream_garbled', { message, cause: thrown });
}
