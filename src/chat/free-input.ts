import { isObject } from './json-object.ts';

/**
 * The input of a free-form tool out of the arguments of the function that stands for it: the string in `input`. A model
 * that got the form wrong is taken at its word: the only string that it gave, or all that it wrote.
 */
export function freeInputOf(said: string): string {
  let value: unknown;
  try {
    value = JSON.parse(said);
  } catch {
    return cutInput(said) ?? said;
  }
  if (typeof value === 'string') return value;
  if (!isObject(value)) return said;
  if (typeof value['input'] === 'string') return value['input'];
  const [only, ...more] = Object.values(value);
  return typeof only === 'string' && more.length === 0 ? only : said;
}

/** Of arguments that were cut short, what there is of the input. */
function cutInput(said: string): string | undefined {
  const reader = new FreeInputReader();
  const text = reader.add(said);
  return reader.begun ? text : undefined;
}

const BEGINNING = /^\s*\{\s*"input"\s*:\s*"/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** The same while the arguments are being written: as much of the input as each piece of them makes known. */
export class FreeInputReader {
  /** The arguments have the expected form so far, and the input has begun. */
  begun = false;
  #ended = false;
  /** What cannot be read yet: everything before the input begins, afterwards half an escape. */
  #rest = '';

  add(piece: string): string {
    if (this.#ended) return '';
    this.#rest += piece;
    if (!this.begun) {
      const start = BEGINNING.exec(this.#rest)?.[0];
      if (start === undefined) return '';
      this.begun = true;
      this.#rest = this.#rest.slice(start.length);
    }
    return this.#decode();
  }

  #decode(): string {
    const rest = this.#rest;
    let text = '';
    let at = 0;
    while (at < rest.length) {
      const character = rest[at] ?? '';
      if (character === '"') {
        this.#ended = true;
        break;
      }
      if (character !== '\\') {
        text += character;
        at++;
        continue;
      }
      const length = rest[at + 1] === 'u' ? 6 : 2;
      if (at + length > rest.length) break;
      const code = rest.slice(at + 1, at + length);
      text += code.length === 1 ? (ESCAPES[code] ?? code) : String.fromCharCode(Number.parseInt(code.slice(1), 16));
      at += length;
    }
    this.#rest = rest.slice(at);
    return text;
  }
}
