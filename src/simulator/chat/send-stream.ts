import type { Exchange } from '../exchange.ts';
import { ChatGrammar } from './chat-grammar.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { Reply } from './reply.ts';
import { SplitWriter } from './split-writer.ts';

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** One event on the wire; a face that names its events sends the name too. */
export interface Frame {
  readonly event?: string;
  readonly data: string;
}

/** What the events of one face are. Everything that can go wrong between them is the same on all. */
export interface Grammar {
  opening(): readonly Frame[];
  piece(piece: Piece): readonly Frame[];
  closing(): readonly Frame[];
  heartbeat(): readonly Frame[];
  failure(type: string, message: string): readonly Frame[];
  broken(): readonly Frame[];
}

export async function sendStream(reply: Reply, exchange: Exchange): Promise<void> {
  await sendEvents(reply, exchange, new ChatGrammar(reply));
}

export async function sendEvents(reply: Reply, exchange: Exchange, grammar: Grammar): Promise<void> {
  exchange.begin(200, HEADERS);
  await new StreamSender(reply, exchange, grammar).send();
  exchange.response.end();
}

class StreamSender {
  readonly #reply: Reply;
  readonly #exchange: Exchange;
  readonly #grammar: Grammar;
  readonly #writer: SplitWriter;
  readonly #end: string;

  constructor(reply: Reply, exchange: Exchange, grammar: Grammar) {
    this.#reply = reply;
    this.#exchange = exchange;
    this.#grammar = grammar;
    this.#writer = new SplitWriter(exchange, reply.draft.splitBytes);
    this.#end = reply.draft.crlf ? '\r\n' : '\n';
  }

  async send(): Promise<void> {
    await this.#frames(this.#grammar.opening());
    const mayClose = await this.#pieces();
    if (mayClose) await this.#frames(this.#grammar.closing());
    await this.#writer.flush();
  }

  /** False where the script ends the stream before its closing chunk. */
  async #pieces(): Promise<boolean> {
    const { draft, output, paceMs } = this.#reply;
    let sent = 0;
    if (await this.#ends(sent)) return false;
    for (const piece of piecesOf(output, draft)) {
      if (paceMs > 0) await this.#exchange.sleep(paceMs);
      if (draft.heartbeat) await this.#heartbeat();
      await this.#frames(this.#grammar.piece(piece));
      sent += 1;
      if (await this.#ends(sent)) return false;
    }
    return !(await this.#ends(Number.POSITIVE_INFINITY));
  }

  async #ends(sent: number): Promise<boolean> {
    const { stallAfter, cutAfter, endAfter, errorChunk, badJson } = this.#reply.draft;
    const isLast = sent === Number.POSITIVE_INFINITY;
    const reached = (after: number | undefined): boolean =>
      after !== undefined && (after === sent || (isLast && after > 0));
    if (reached(stallAfter) || reached(cutAfter)) await this.#writer.flush();
    if (reached(stallAfter)) await this.#exchange.silence();
    if (reached(cutAfter)) await this.#exchange.sever();
    if (isLast && badJson) await this.#frames(this.#grammar.broken());
    if (isLast && errorChunk !== undefined) {
      await this.#frames(this.#grammar.failure(errorChunk.type, errorChunk.message));
      return true;
    }
    return reached(endAfter);
  }

  async #heartbeat(): Promise<void> {
    await this.#writer.write(`: heartbeat${this.#end}${this.#end}`);
    await this.#frames(this.#grammar.heartbeat());
  }

  async #frames(frames: readonly Frame[]): Promise<void> {
    for (const { event, data } of frames) {
      const name = event === undefined ? '' : `event: ${event}${this.#end}`;
      await this.#writer.write(`${name}data: ${data}${this.#end}${this.#end}`);
    }
  }
}
