import { createGzip, constants as zlib } from 'node:zlib';
import type { Exchange } from '../exchange.ts';

/** Where the bytes of a streamed body go: through gzip if it was asked for, and cut into portions of an exact size. */
export class BodyPipe {
  readonly #exchange: Exchange;
  readonly #size: number | undefined;
  readonly #gzip: ReturnType<typeof createGzip> | undefined;
  #carry: Buffer = Buffer.alloc(0);
  #pressed: Buffer[] = [];

  constructor(exchange: Exchange, { splitBytes, gzip }: { splitBytes?: number; gzip: boolean }) {
    this.#exchange = exchange;
    this.#size = splitBytes;
    this.#gzip = gzip ? createGzip() : undefined;
    this.#gzip?.on('data', (bytes: Buffer) => this.#pressed.push(bytes));
  }

  async write(bytes: string | Buffer): Promise<void> {
    const plain = Buffer.from(bytes as Buffer);
    await this.#send(this.#gzip === undefined ? plain : await this.#press(plain));
  }

  /** What was held back. `proper` also writes the end of the compressed form. */
  async flush(proper: boolean): Promise<void> {
    if (this.#gzip !== undefined && proper) {
      const gzip = this.#gzip;
      await new Promise<void>((resolve) => {
        gzip.once('end', resolve);
        gzip.end();
      });
      await this.#send(this.#take());
    }
    if (this.#carry.length > 0) await this.#alone(this.#carry);
    this.#carry = Buffer.alloc(0);
  }

  async #press(plain: Buffer): Promise<Buffer> {
    const gzip = this.#gzip;
    if (gzip === undefined) return plain;
    gzip.write(plain);
    await new Promise<void>((resolve) => gzip.flush(zlib.Z_SYNC_FLUSH, () => resolve()));
    return this.#take();
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#pressed);
    this.#pressed = [];
    return bytes;
  }

  async #send(bytes: Buffer): Promise<void> {
    if (this.#size === undefined) return this.#exchange.write(bytes);
    this.#carry = Buffer.concat([this.#carry, bytes]);
    while (this.#carry.length >= this.#size) {
      const portion = this.#carry.subarray(0, this.#size);
      this.#carry = this.#carry.subarray(this.#size);
      await this.#alone(portion);
    }
  }

  async #alone(portion: Buffer): Promise<void> {
    await this.#exchange.write(portion);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
