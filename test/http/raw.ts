import { connect, type Socket } from 'node:net';
import { until } from '../until.ts';

/** A client of bare bytes, for what no HTTP library would send. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  received = '';
  /** The other side has closed. */
  closed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1');
    });
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('error', () => {});
  }

  /** Resolves when the socket takes more. */
  async write(bytes: string | Buffer): Promise<void> {
    if (this.socket.destroyed || this.socket.write(bytes)) return;
    await until(() => this.socket.destroyed || !this.socket.writableNeedDrain, 'the socket to take more');
  }

  async receives(text: string | RegExp): Promise<string> {
    const isThere = () => (typeof text === 'string' ? this.received.includes(text) : text.test(this.received));
    await until(isThere, `${text} in ${this.received.slice(-500)}`);
    return this.received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** The head of a chat request; the body is the caller's. */
export function head(framing: string, extra = ''): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${extra}${framing}\r\n\r\n`;
}

export function request(body: string, extra = ''): string {
  return `${head(`content-length: ${Buffer.byteLength(body)}`, extra)}${body}`;
}
