/** Thrown for malformed structure; `offset` is the byte where it was noticed. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}
