import { gunzipSync } from 'node:zlib';
import { GatewayError } from '../../errors.ts';

/** Envelopes of the Connect protocol: a byte of flags, four of length (big-endian), the payload. */
const HEAD = 5;
const COMPRESSED = 0x01;
export const END_OF_STREAM = 0x02;

export interface Frame {
  readonly isEnd: boolean;
  readonly payload: string;
}

/** A request is one frame without flags; bare JSON is refused as invalid_argument (measured 2026-09-21). */
export function toFrame(value: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/**
 * Cuts bytes into frames, wherever they were split. Payloads are decoded whole, so that a character which the network
 * tore apart is whole again: clients that decode the pieces as text lose it, and with it the length of the next frame.
 */
export class FrameReader {
  readonly #limit: number;
  /** `connect-content-encoding` of the answer: how compressed frames are packed. */
  readonly #encoding: string | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** How many bytes the frame that is being held needs in all. */
  #wanted = HEAD;

  constructor(limit: number, encoding: string | undefined) {
    this.#limit = limit;
    this.#encoding = encoding;
  }

  /** The frames that are complete with this piece. */
  *push(piece: Buffer): Generator<Frame> {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    while (this.#heldBytes >= this.#wanted) {
      const bytes = this.#joined();
      const length = bytes.readUInt32BE(1);
      if (length > this.#limit) throw garbled(`a frame of ${length} bytes`);
      this.#wanted = HEAD + length;
      if (bytes.length < this.#wanted) return;
      const payload = bytes.subarray(HEAD, this.#wanted);
      const rest = bytes.subarray(this.#wanted);
      this.#held = rest.length === 0 ? [] : [rest];
      this.#heldBytes = rest.length;
      this.#wanted = HEAD;
      yield this.#frame(bytes[0] ?? 0, payload);
    }
  }

  /** Bytes of a frame that is not complete. */
  get pending(): boolean {
    return this.#heldBytes > 0;
  }

  #joined(): Buffer {
    const [only] = this.#held;
    if (this.#held.length === 1 && only !== undefined) return only;
    const bytes = Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [bytes];
    return bytes;
  }

  #frame(flags: number, payload: Buffer): Frame {
    if ((flags & ~(COMPRESSED | END_OF_STREAM)) !== 0) throw garbled(`a frame with the flags ${flags}`);
    const plain = (flags & COMPRESSED) === 0 || payload.length === 0 ? payload : this.#unpacked(payload);
    return { isEnd: (flags & END_OF_STREAM) !== 0, payload: plain.toString('utf8') };
  }

  #unpacked(payload: Buffer): Buffer {
    if (this.#encoding !== 'gzip') throw garbled('a compressed frame without saying how it is compressed');
    try {
      return gunzipSync(payload, { maxOutputLength: this.#limit });
    } catch (cause) {
      throw garbled('a frame that could not be decompressed', cause);
    }
  }
}

function garbled(what: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream_garbled', { message: `The web chat sent ${what}.`, cause });
}
