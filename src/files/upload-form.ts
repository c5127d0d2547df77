import { GatewayError } from '../errors.ts';
import { type FormPiece, MultipartScanner, type PartHead } from '../stream/multipart-scanner.ts';
import { LONGEST_PURPOSE, PURPOSES, type Purpose, toPurpose } from './purposes.ts';

export interface UploadLimits {
  /** The largest file, bytes. */
  readonly fileBytes: number;
}

/**
 * The form of an upload while it passes: what goes up has the same length, so that the one which the client declared
 * stays true. Only OpenAI's words for the purpose become Kimi's, and the file's size is watched.
 */
export class UploadForm {
  /** As Kimi has it; known when the part has passed. */
  purpose: Purpose | undefined;
  filename: string | undefined;
  readonly #scanner: MultipartScanner;
  readonly #limits: UploadLimits;
  /** The part that is passing. */
  #part: 'purpose' | 'file' | 'other' = 'other';
  #fileType: string | undefined;
  #fileSeen = false;
  #fileBytes = 0;
  /** The purpose, and what came behind it, until the type of the file decides what it becomes. */
  #asked: { readonly head: Buffer; value: Buffer; readonly behind: Buffer[] } | undefined;

  constructor(boundary: string, limits: UploadLimits) {
    this.#scanner = new MultipartScanner(boundary);
    this.#limits = limits;
  }

  async *pass(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const bytes of body) {
      const out: Buffer[] = [];
      for (const piece of this.#scanner.push(bytes)) this.#take(piece, out);
      if (out.length > 0) yield out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
    }
    this.#scanner.end();
    const last: Buffer[] = [];
    this.#decide(last);
    if (last.length > 0) yield Buffer.concat(last);
  }

  #take(piece: FormPiece, out: Buffer[]): void {
    if (piece.kind === 'head') this.#begin(piece, out);
    else if (piece.kind === 'frame') this.#emit(piece.bytes, out);
    else if (this.#part === 'purpose' && this.#asked) this.#addToPurpose(piece.bytes);
    else {
      if (this.#part === 'file') this.#count(piece.bytes.length);
      this.#emit(piece.bytes, out);
    }
    // With the frame behind the purpose its value is whole.
    if (piece.kind === 'frame' && this.#part === 'purpose' && this.#fileSeen) this.#decide(out);
    if (piece.kind === 'frame') this.#part = 'other';
  }

  #begin(head: PartHead, out: Buffer[]): void {
    if (head.name === 'purpose' && this.purpose === undefined && this.#asked === undefined) {
      this.#part = 'purpose';
      this.#asked = { head: head.bytes, value: Buffer.alloc(0), behind: [] };
      return;
    }
    const isFile = head.name === 'file' || head.filename !== undefined;
    this.#part = isFile ? 'file' : 'other';
    if (isFile) {
      this.#fileSeen = true;
      this.#fileType = head.type;
      this.filename ??= head.filename;
      this.#decide(out);
    }
    this.#emit(head.bytes, out);
  }

  #emit(bytes: Buffer, out: Buffer[]): void {
    if (this.#asked) this.#asked.behind.push(bytes);
    else out.push(bytes);
  }

  #addToPurpose(bytes: Buffer): void {
    if (!this.#asked) return;
    this.#asked.value = Buffer.concat([this.#asked.value, bytes]);
    if (this.#asked.value.length > LONGEST_PURPOSE) throw wrongPurpose(this.#asked.value.toString());
  }

  #count(bytes: number): void {
    this.#fileBytes += bytes;
    if (this.#fileBytes > this.#limits.fileBytes) throw fileTooLarge(this.#limits.fileBytes);
  }

  #decide(out: Buffer[]): void {
    const asked = this.#asked;
    if (!asked) return;
    const value = asked.value.toString('utf8').trim();
    const purpose = toPurpose(value, this.#fileType);
    if (purpose === undefined) throw wrongPurpose(value);
    this.purpose = purpose;
    this.#asked = undefined;
    out.push(...(purpose === value ? [asked.head, asked.value] : [sameLength(asked, purpose)]), ...asked.behind);
  }
}

/**
 * The part anew in as many bytes as it had: its head is written as short as it may be, and filled with white space that
 * every reader of headers takes off. `user_data` is the tightest: three bytes are needed, two of them its quotes.
 */
function sameLength({ head, value }: { readonly head: Buffer; readonly value: Buffer }, purpose: Purpose): Buffer {
  const room = head.length + value.length;
  for (const name of ['"purpose"', 'purpose']) {
    const [start, end] = ['Content-Disposition:', `form-data;name=${name}\r\n\r\n${purpose}`];
    const fill = room - start.length - end.length;
    if (fill >= 0) return Buffer.from(`${start}${' '.repeat(fill)}${end}`);
  }
  throw new GatewayError('invalid_request', {
    message: `\`purpose\` cannot be sent as ${purpose} in the room that it has.`,
    param: 'purpose',
    hint: `Send ${purpose} yourself.`,
  });
}

export function fileTooLarge(limit: number): GatewayError {
  return new GatewayError('request_too_large', {
    message: `The file is larger than ${limit} bytes.`,
    param: 'file',
    hint: 'The platform takes 100 MB; `files.max_bytes` in moongate.yaml says what this gateway lets through.',
  });
}

function wrongPurpose(value: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `Kimi has no files with the purpose '${value.slice(0, LONGEST_PURPOSE)}'.`,
    param: 'purpose',
    hint: `Kimi has: ${PURPOSES.join(', ')}. OpenAI's user_data, assistants and vision are taken for what the file is.`,
  });
}
