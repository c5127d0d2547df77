import { GatewayError } from '../errors.ts';
import { type FormPiece, MultipartScanner, type PartHead } from '../stream/multipart-scanner.ts';
import { BatchLines, type LineRepair } from './batch-lines.ts';
import { LONGEST_PURPOSE, PURPOSES, type Purpose, toPurpose } from './purposes.ts';

export interface UploadRules {
  /** The largest file, bytes. */
  readonly fileBytes: number;
  /** Where the purpose is missing one is put in, by what the file is. */
  readonly purposeless?: boolean;
}

/**
 * The form of an upload while it passes. OpenAI's words for the purpose become Kimi's in the same number of bytes, so that
 * the length which the client declared stays true; the file's size is watched. Only the lines of a batch's file may get
 * longer or shorter.
 */
export class UploadForm {
  /** As Kimi has it; known when the part has passed. */
  purpose: Purpose | undefined;
  filename: string | undefined;
  readonly #boundary: string;
  readonly #scanner: MultipartScanner;
  readonly #rules: UploadRules;
  readonly #repairLine: LineRepair | undefined;
  /** The part that is passing. */
  #part: 'purpose' | 'file' | 'other' = 'other';
  #fileType: string | undefined;
  #fileSeen = false;
  #fileBytes = 0;
  /** The purpose, and what came behind it, until the type of the file decides what it becomes. */
  #asked: { readonly head: Buffer; value: Buffer; readonly behind: Buffer[] } | undefined;

  /** The file's lines, if it is a batch's as far as that is known when it begins to pass. */
  #lines: BatchLines | undefined;
  #isLengthFixed = false;
  /** Bytes that were put in. */
  #added = 0;

  /** `repairLine`: what becomes of the lines of a batch's file; undefined: they pass as they come. */
  constructor(boundary: string, rules: UploadRules, repairLine?: LineRepair) {
    this.#boundary = boundary;
    this.#scanner = new MultipartScanner(boundary);
    this.#rules = rules;
    this.#repairLine = repairLine;
  }

  /** The length that the form will have; from now on that is so. `declared`: what the client said. */
  fixedLength(declared: number | undefined): number | undefined {
    this.#isLengthFixed = declared !== undefined && this.#lines?.isOther !== false;
    return this.#isLengthFixed && declared !== undefined ? declared + this.#added : undefined;
  }

  /** What was done to the lines of a batch's file. */
  notes(): readonly string[] {
    return this.#lines?.notes() ?? [];
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
    else if (piece.kind === 'frame') {
      if (this.#part === 'file') for (const bytes of this.#lines?.end() ?? []) this.#emit(bytes, out);
      this.#emit(piece.bytes, out);
    } else if (this.#part === 'purpose' && this.#asked) this.#addToPurpose(piece.bytes);
    else {
      if (this.#part === 'file') this.#count(piece.bytes.length);
      const lines = this.#part === 'file' ? this.#lines : undefined;
      for (const bytes of lines ? lines.push(piece.bytes) : [piece.bytes]) this.#emit(bytes, out);
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
      if (this.#rules.purposeless && this.purpose === undefined && !this.#isLengthFixed) this.#putIn(head, out);
      if (this.#isBatch(head)) this.#lines = this.#repairLine && new BatchLines(this.#repairLine);
    }
    this.#emit(head.bytes, out);
  }

  /** The part before the file whose delimiter has passed. */
  #putIn({ type, filename }: PartHead, out: Buffer[]): void {
    const purpose = toPurpose('user_data', type, filename) ?? 'file-extract';
    const head = `Content-Disposition: form-data; name="purpose"\r\n\r\n${purpose}\r\n--${this.#boundary}\r\n`;
    const part = Buffer.from(head);
    this.purpose = purpose;
    this.#added = part.length;
    this.#emit(part, out);
  }

  /** Where the purpose comes behind the file, its name has to do: only files of this kind are a batch's. */
  #isBatch({ filename = '' }: PartHead): boolean {
    if (this.#lines !== undefined || this.#isLengthFixed) return false;
    return this.purpose === undefined ? /\.jsonl$/i.test(filename) : this.purpose === 'batch';
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
    if (this.#fileBytes > this.#rules.fileBytes) throw fileTooLarge(this.#rules.fileBytes);
  }

  #decide(out: Buffer[]): void {
    const asked = this.#asked;
    if (!asked) return;
    const value = asked.value.toString('utf8').trim();
    const purpose = toPurpose(value, this.#fileType, this.filename);
    if (purpose === undefined) throw wrongPurpose(value);
    if (purpose !== 'batch' && this.#lines !== undefined && this.#lines.changed > 0) throw tooLate(purpose);
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

/** What has passed cannot be called back. */
function tooLate(purpose: Purpose): GatewayError {
  return new GatewayError('invalid_request', {
    message: `The lines of the file were taken for a batch's and repaired before its purpose came, which is ${purpose}.`,
    param: 'purpose',
    hint: 'Send the part `purpose` before the part `file`.',
  });
}

function wrongPurpose(value: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `Kimi has no files with the purpose '${value.slice(0, LONGEST_PURPOSE)}'.`,
    param: 'purpose',
    hint: `Kimi has: ${PURPOSES.join(', ')}. OpenAI's user_data, assistants and vision are taken for what the file is.`,
  });
}
