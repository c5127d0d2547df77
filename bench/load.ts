import { connect, type Socket } from 'node:net';

export interface LoadPlan {
  readonly port: number;
  /** The bytes of one whole HTTP request. */
  readonly request: Buffer;
  readonly connections: number;
  /** Requests a second, spread evenly over the connections; undefined: each again as soon as its answer is complete. */
  readonly perSecond?: number | undefined;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Keeps a number of connections busy: each sends its request again when the answer is complete, or when its time has
 * come. It reads no more of an answer than it takes to find its end, so that it costs less than what it measures.
 */
export class Load {
  readonly #plan: LoadPlan;
  readonly #clients: Client[] = [];
  #answered = 0;
  #issuing = false;
  #busy = 0;
  #idle: (() => void) | undefined;
  #failure: Error | undefined;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
  }

  async open(): Promise<void> {
    const { port, connections } = this.#plan;
    for (let count = 0; count < connections; count++) {
      this.#clients.push(await Client.open(port, (error) => this.#over(error)));
    }
  }

  /** Sends requests for so long, waits for the last answers, and returns how many there were in how many seconds. */
  async run(ms: number): Promise<{ readonly answered: number; readonly seconds: number }> {
    this.#answered = 0;
    this.#issuing = true;
    const begun = performance.now();
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    this.start();
    const timer = setTimeout(() => {
      this.#issuing = false;
    }, ms);
    await idle;
    clearTimeout(timer);
    if (this.#failure) throw this.#failure;
    return { answered: this.#answered, seconds: (performance.now() - begun) / 1_000 };
  }

  /** One request on each connection, at once or each at its time. */
  start(): void {
    const { perSecond } = this.#plan;
    const now = performance.now();
    for (const [place, client] of this.#clients.entries()) {
      if (perSecond !== undefined) client.due = now + (place * 1_000) / perSecond;
      this.#sendWhenDue(client);
    }
  }

  /** Milliseconds between two requests of one connection. */
  get #interval(): number {
    const { connections, perSecond } = this.#plan;
    return perSecond === undefined ? 0 : (connections * 1_000) / perSecond;
  }

  #sendWhenDue(client: Client): void {
    this.#busy++;
    const wait = client.due - performance.now();
    if (wait <= 0) client.send(this.#plan.request);
    else setTimeout(() => this.#sendLate(client), wait);
  }

  #sendLate(client: Client): void {
    if (this.#issuing) {
      client.send(this.#plan.request);
      return;
    }
    this.#busy--;
    if (this.#busy <= 0) this.#idle?.();
  }

  /** Connections on which an answer has begun. */
  get begun(): number {
    return this.#clients.filter((client) => client.begun).length;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #over(client: Client | Error): void {
    this.#busy--;
    if (client instanceof Error) {
      this.#failure ??= client;
      this.#issuing = false;
    } else {
      this.#answered++;
      if (this.#issuing) {
        // Who is late does not make up for it: the load is the same for all that can bear it.
        client.due = Math.max(client.due + this.#interval, performance.now());
        this.#sendWhenDue(client);
      }
    }
    if (this.#busy <= 0) this.#idle?.();
  }
}

/** One keep-alive connection with at most one request on it. */
class Client {
  begun = false;
  /** When its next request is sent, by `performance.now()`. */
  due = 0;
  readonly #socket: Socket;
  readonly #over: (client: Client | Error) => void;
  #waiting = false;
  #chunked = false;
  #left = 0;
  /** The last bytes of a chunked body, to see its end. */
  #tail: Buffer = NOTHING;

  private constructor(socket: Socket, over: (client: Client | Error) => void) {
    this.#socket = socket;
    this.#over = over;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#read(data));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => this.#failed(new Error('the connection was closed in the middle of an answer')));
  }

  static open(port: number, over: (client: Client | Error) => void): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Client(socket, over)));
      socket.once('error', reject);
    });
  }

  send(request: Buffer): void {
    this.#waiting = true;
    this.begun = false;
    this.#socket.write(request);
  }

  close(): void {
    this.#waiting = false;
    this.#socket.destroy();
  }

  #read(data: Buffer): void {
    if (this.begun) this.#readBody(data);
    else this.#readHead(data);
  }

  #readHead(data: Buffer): void {
    const bytes = this.#tail.length > 0 ? Buffer.concat([this.#tail, data]) : data;
    const end = bytes.indexOf(HEAD_END);
    this.#tail = end === -1 ? bytes : NOTHING;
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 200')) {
      this.#failed(new Error(`the answer was not 200: ${bytes.toString('utf8', 0, 600)}`));
      return;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.begun = true;
    this.#chunked = length === undefined;
    this.#left = Number(length ?? 0);
    const body = bytes.subarray(end + HEAD_END.length);
    if (body.length > 0 || !this.#chunked) this.#readBody(body);
  }

  #readBody(data: Buffer): void {
    if (!this.#chunked) {
      this.#left -= data.length;
      if (this.#left <= 0) this.#done();
      return;
    }
    const bytes = data.length >= LAST_CHUNK.length ? data : Buffer.concat([this.#tail, data]);
    this.#tail = bytes.subarray(-LAST_CHUNK.length);
    if (this.#tail.equals(LAST_CHUNK)) this.#done();
  }

  #done(): void {
    this.#tail = NOTHING;
    this.begun = false;
    this.#waiting = false;
    this.#over(this);
  }

  #failed(error: Error): void {
    if (!this.#waiting) return;
    this.close();
    this.#over(error);
  }
}
