import { Writable } from 'node:stream';

/** A terminal that can be silenced: what is typed while an answer runs must not be written into it. */
export class MutableOutput extends Writable {
  isMuted = false;
  readonly isTTY = true;
  readonly #terminal: NodeJS.WriteStream;

  constructor(terminal: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
    terminal.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    if (!this.isMuted) this.#terminal.write(chunk);
    done();
  }
}
