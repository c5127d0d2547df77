import { GatewayError } from '../errors.ts';

/** What a line has become, and what was done to it in a few words each. */
export interface RepairedLine {
  readonly bytes: Buffer;
  readonly done: readonly string[];
}

/** Undefined: the line stays as it is. Throws a GatewayError that says why it cannot be read, or may not be repaired. */
export type LineRepair = (line: Buffer) => RepairedLine | undefined;

/** A longer line passes as it comes: no more of a file than this is ever held. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** What is told of the lines; there may be a hundred thousand of them. */
const TOLD_KINDS = 10;
const TOLD_LINES = 3;

const NEWLINE = 0x0a;
/** What every line of a batch has. */
const CUSTOM_ID = Buffer.from('"custom_id"');
/** Refusals of the owner's own making stop the upload; with anything else the platform has its own say. */
const STOPS = 'strict_repairs';

/** The lines of a batch's file while they pass, each as the dialect has it. A file of another kind passes as it comes. */
export class BatchLines {
  changed = 0;
  /** Known by its first line. */
  isOther = false;
  readonly #repair: LineRepair;
  readonly #longest: number;
  readonly #done = new Map<string, number>();
  readonly #untouched: string[] = [];
  #left = 0;
  #lines = 0;
  /** The line that is not whole yet. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** The line is too long and passes. */
  #isPassing = false;

  constructor(repair: LineRepair, longest = LONGEST_LINE) {
    this.#repair = repair;
    this.#longest = longest;
  }

  push(bytes: Buffer): Buffer[] {
    if (this.isOther) return [bytes];
    if (this.#lines === 0 && this.#heldBytes === 0 && isOtherStart(bytes)) {
      this.isOther = true;
      return [bytes];
    }
    const out: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
      this.#add(bytes.subarray(from, at), out);
      this.#endLine(out);
      out.push(bytes.subarray(at, at + 1));
      from = at + 1;
    }
    if (from < bytes.length) this.#add(bytes.subarray(from), out);
    if (this.isOther) {
      out.push(...this.#held);
      this.#drop();
    }
    return out;
  }

  end(): Buffer[] {
    const out: Buffer[] = [];
    this.#endLine(out);
    return out;
  }

  /** For the header of the answer. */
  notes(): readonly string[] {
    const kinds = [...this.#done].sort(([, one], [, other]) => other - one);
    const told = kinds.slice(0, TOLD_KINDS).map(([what, count]) => (count > 1 ? `${what} (${count})` : what));
    const rest = kinds.length - told.length;
    const changed = `${this.changed} of ${this.#lines} lines changed: ${told.join(', ')}`;
    const left = this.#left - this.#untouched.length;
    return [
      ...(this.changed > 0 ? [rest > 0 ? `${changed} and ${rest} more` : changed] : []),
      ...this.#untouched,
      ...(left > 0 ? [`${left} more sent as they came`] : []),
    ];
  }

  #add(bytes: Buffer, out: Buffer[]): void {
    if (this.#isPassing) {
      out.push(bytes);
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= this.#longest) return;
    out.push(...this.#held);
    this.#isPassing = true;
    this.#drop();
  }

  #endLine(out: Buffer[]): void {
    const line = this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held, this.#heldBytes);
    const isLong = this.#isPassing;
    this.#isPassing = false;
    this.#drop();
    if (isLong || (line && line.length > 0)) this.#lines++;
    if (isLong) this.#leave(`it is longer than ${this.#longest} bytes`);
    else if (line && line.length > 0) out.push(this.#repaired(line));
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #repaired(line: Buffer): Buffer {
    if (this.#lines === 1) this.isOther = !line.includes(CUSTOM_ID);
    if (this.isOther) return line;
    try {
      const repaired = this.#repair(line);
      if (repaired === undefined) return line;
      this.changed++;
      for (const what of repaired.done) this.#count(what);
      return repaired.bytes;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.code === STOPS) {
        const message = `In line ${this.#lines} of the file: ${error.message}`;
        throw new GatewayError(error.code, { ...error.details, message });
      }
      this.#leave(error.message);
      return line;
    }
  }

  #leave(why: string): void {
    if (this.#left++ < TOLD_LINES) this.#untouched.push(`line ${this.#lines} sent as it came: ${why}`);
  }

  /** A file can have as many tools and models as lines. */
  #count(what: string): void {
    if (this.#done.size < 1_000 || this.#done.has(what)) this.#done.set(what, 1 + (this.#done.get(what) ?? 0));
  }
}

function isOtherStart(bytes: Buffer): boolean {
  return /^\s*[^\s{]/.test(bytes.toString('latin1', 0, 64));
}
