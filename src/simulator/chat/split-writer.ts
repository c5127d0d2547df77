import type { Exchange } from '../exchange.ts';

/** Writes to the socket in portions of exactly `size` bytes, each on its own, so that a reader sees every boundary. */
export class SplitWriter {
  readonly #exchange: Exchange;
  readonly #size: number | undefined;
  #carry: Buffer = Buffer.alloc(0);

  constructor(exchange: Exchange, size: number | undefined) {
    this.#exchange = exchange;
    this.#size = size;
  }

  async write(text: string): Promise<void> {
    if (this.#size === undefined) return this.#exchange.write(text);
    this.#carry = Buffer.concat([this.#carry, Buffer.from(text)]);
    while (this.#carry.length >= this.#size) {
      const portion = this.#carry.subarray(0, this.#size);
      this.#carry = this.#carry.subarray(this.#size);
      await this.#alone(portion);
    }
  }

  async flush(): Promise<void> {
    if (this.#carry.length > 0) await this.#alone(this.#carry);
    this.#carry = Buffer.alloc(0);
  }

  async #alone(portion: Buffer): Promise<void> {
    await this.#exchange.write(portion);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
