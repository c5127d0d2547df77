import { GatewayError } from '../errors.ts';

/** The head of a part of a form. */
export interface PartHead {
  readonly kind: 'head';
  /** As it came, with the empty line behind it. */
  readonly bytes: Buffer;
  readonly name: string | undefined;
  readonly filename: string | undefined;
  /** Lower case, without parameters. */
  readonly type: string | undefined;
}

/** The form in pieces: all `bytes` one behind the other are the form as it came. */
export type FormPiece =
  | PartHead
  /** Of the part whose head came last. */
  | { readonly kind: 'body'; readonly bytes: Buffer }
  /** Between parts: a delimiter, what stands before the first and behind the last. */
  | { readonly kind: 'frame'; readonly bytes: Buffer };

/** Far more than any client writes. */
const HEAD_LIMIT = 16 * 1024;
const PARTS_LIMIT = 100;
/** What stands before the first part and behind the last says nothing. */
const OUTSIDE_LIMIT = 64 * 1024;

const LINE = Buffer.from('\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');

/** The boundary in a content type; undefined if it is no multipart form. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) return undefined;
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(contentType ?? '');
  return found?.[1] ?? found?.[2];
}

/** Cuts a multipart form (RFC 7578) while it arrives; holds no more of it than a delimiter and a head. */
export class MultipartScanner {
  readonly #delimiter: Buffer;
  /** What was not told yet. The form's first delimiter has no line break before it: one is put there and never told. */
  #rest: Buffer = LINE;
  #made = LINE.length;
  #state: 'before' | 'head' | 'body' | 'behind' = 'before';
  #parts = 0;
  #outside = 0;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** Throws invalid_request for what is no form. */
  *push(piece: Buffer): Generator<FormPiece> {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    for (let going = true; going; ) {
      if (this.#state === 'behind') {
        const bytes = this.#take(this.#rest.length);
        this.#countOutside(bytes);
        if (bytes.length > 0) yield { kind: 'frame', bytes };
        going = false;
      } else if (this.#state === 'head') {
        const head = this.#head();
        if (head) yield head;
        going = head !== undefined;
      } else {
        const before = this.#state;
        const { bytes, delimiter } = this.#untilDelimiter();
        if (before === 'before') this.#countOutside(bytes);
        if (bytes.length > 0) yield { kind: before === 'before' ? 'frame' : 'body', bytes };
        if (delimiter) yield { kind: 'frame', bytes: delimiter };
        going = delimiter !== undefined;
      }
    }
  }

  /** Throws invalid_request if the form is not whole. */
  end(): void {
    if (this.#state !== 'behind') throw broken('it ends before its last boundary');
  }

  /** What is certainly no delimiter, and the delimiter behind it if it is there whole. */
  #untilDelimiter(): { bytes: Buffer; delimiter?: Buffer } {
    const size = this.#delimiter.length;
    let from = 0;
    for (;;) {
      const at = this.#rest.indexOf(this.#delimiter, from);
      if (at === -1) return { bytes: this.#take(Math.max(0, this.#rest.length - size + 1)) };
      const mark = this.#rest.subarray(at + size, at + size + 2);
      if (mark.length < 2) return { bytes: this.#take(at) };
      const last = mark.equals(Buffer.from('--'));
      if (!last && !mark.equals(LINE)) {
        // The boundary with more behind it is a part of a text.
        from = at + 1;
        continue;
      }
      const bytes = this.#take(at);
      this.#state = last ? 'behind' : 'head';
      return { bytes, delimiter: this.#take(size + 2) };
    }
  }

  #head(): PartHead | undefined {
    const end = this.#rest.indexOf(EMPTY_LINE);
    if (end === -1 && this.#rest.length <= HEAD_LIMIT) return undefined;
    if (end === -1 || end > HEAD_LIMIT) throw broken('a part has no head, or too long a one');
    if (++this.#parts > PARTS_LIMIT) throw broken(`it has more than ${PARTS_LIMIT} parts`);
    this.#state = 'body';
    const bytes = this.#take(end + EMPTY_LINE.length);
    const text = bytes.toString('utf8');
    const disposition = /^content-disposition:(.*)$/im.exec(text)?.[1] ?? '';
    return {
      kind: 'head',
      bytes,
      name: parameterOf(disposition, 'name'),
      filename: parameterOf(disposition, 'filename'),
      type: /^content-type:\s*([^;\s]+)/im.exec(text)?.[1]?.toLowerCase(),
    };
  }

  #take(count: number): Buffer {
    const bytes = this.#rest.subarray(Math.min(this.#made, count), count);
    this.#made = Math.max(0, this.#made - count);
    this.#rest = this.#rest.subarray(count);
    return bytes;
  }

  #countOutside(bytes: Buffer): void {
    this.#outside += bytes.length;
    if (this.#outside > OUTSIDE_LIMIT) throw broken('too much stands outside of its parts');
  }
}

function parameterOf(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]+))`, 'i').exec(disposition);
  return found?.[1] ?? found?.[2];
}

function broken(why: string): GatewayError {
  return new GatewayError('invalid_request', { message: `The request body is no multipart form: ${why}.` });
}
