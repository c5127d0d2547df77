/**
 * The upstream of the benchmark, a process of its own: HTTP on bare sockets, with answers that were rendered before.
 * Its parent says over the process channel which answer is wanted, and asks how many events were sent.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ANSWERS, type Answer, type AnswerName, MODEL_LIST, type StreamAnswer } from './answers.ts';

export type UpstreamOrder = { readonly answer: AnswerName } | { readonly report: true };
export interface UpstreamReport {
  readonly port: number;
  readonly eventsSent: number;
  readonly open: number;
}

const HEAD_END = '\r\n\r\n';

let answer: Answer = ANSWERS.small;
let eventsSent = 0;
const streaming = new Set<Socket>();
let open = 0;

/** Reads requests one after the other; nobody pipelines here. */
class Connection {
  readonly #socket: Socket;
  #head: Buffer | undefined;
  #bodyLeft = 0;
  #isGet = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#read(data));
    socket.on('error', () => socket.destroy());
  }

  #read(data: Buffer): void {
    if (this.#bodyLeft > 0) {
      this.#bodyLeft -= data.length;
      if (this.#bodyLeft <= 0) this.#answer();
      return;
    }
    const bytes = this.#head ? Buffer.concat([this.#head, data]) : data;
    const end = bytes.indexOf(HEAD_END);
    this.#head = end === -1 ? bytes : undefined;
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    this.#isGet = head.startsWith('GET ');
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    this.#bodyLeft = length - (bytes.length - end - HEAD_END.length);
    if (this.#bodyLeft <= 0) this.#answer();
  }

  #answer(): void {
    this.#bodyLeft = 0;
    if (this.#isGet) this.#socket.write(MODEL_LIST.bytes);
    else if (answer.kind === 'whole') this.#socket.write(answer.bytes);
    else sendStream(this.#socket, answer);
  }
}

function sendStream(socket: Socket, plan: StreamAnswer): void {
  let left = plan.bursts;
  socket.write(plan.head);
  streaming.add(socket);
  const step = () => {
    if (socket.destroyed) return;
    if (left-- === 0) {
      streaming.delete(socket);
      socket.write(plan.tail);
      return;
    }
    eventsSent += plan.eventsPerBurst;
    const more = socket.write(plan.burst);
    if (plan.everyMs > 0) setTimeout(step, plan.everyMs);
    else if (more) setImmediate(step);
    else socket.once('drain', step);
  };
  step();
}

const server = createServer((socket) => {
  open++;
  socket.on('close', () => {
    open--;
    streaming.delete(socket);
  });
  new Connection(socket);
});

function report(): void {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port, eventsSent, open } satisfies UpstreamReport);
}

process.on('message', (order: UpstreamOrder) => {
  if ('answer' in order) {
    answer = ANSWERS[order.answer];
    // A gateway that reads on after its client has left would weigh on whoever is measured next.
    for (const socket of streaming) socket.destroy();
  }
  report();
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', 4_096, report);
