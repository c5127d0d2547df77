/** Room for one line more, unless it holds very long texts. */
const SLACK = 4 * 1024;

/**
 * Lines of JSON, written as bytes at once: joined as texts they would cost several times as much, and twice that as
 * soon as one letter is beyond Latin-1. It grows as it must and is used again.
 */
export class LogLines {
  #bytes: Buffer;
  #length = 0;

  /** `size`: the bytes that are expected between two calls of `take`. */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size + SLACK);
  }

  get length(): number {
    return this.#length;
  }

  /** ASCII as it is: what begins an object, or ends it. */
  raw(ascii: string): void {
    this.#reserve(ascii.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < ascii.length; index++) bytes[at++] = ascii.charCodeAt(index);
    this.#length = at;
  }

  /** Each with a comma before it. Those that are undefined are left out. */
  members(members: Readonly<Record<string, unknown>>): void {
    for (const name in members) {
      const value = members[name];
      if (value !== undefined) this.#member(name, value);
    }
  }

  /** A copy of what was written; it begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #member(name: string, value: unknown): void {
    this.raw(',"');
    this.raw(name);
    this.raw('":');
    if (typeof value === 'string') {
      if (!this.#text(value)) this.#json(value);
    } else if (typeof value === 'number' && Number.isFinite(value)) this.raw(String(value));
    else this.#json(value);
  }

  /** False, and nothing is written, as soon as a letter needs an escape: most texts hold none. */
  #text(text: string): boolean {
    this.#reserve(text.length * 3 + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        if (code < 0x20 || code === QUOTE || code === BACKSLASH) return false;
        bytes[at++] = code;
      } else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        if (code >= 0xd800 && code < 0xe000) return false;
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  #json(value: unknown): void {
    const json = JSON.stringify(value) ?? 'null';
    this.#reserve(json.length * 3);
    this.#length += this.#bytes.write(json, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
