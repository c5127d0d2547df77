import type { Exchange } from '../exchange.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { Reply } from './reply.ts';
import { SplitWriter } from './split-writer.ts';

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/**
 * The stream as it was recorded (MoonshotAI/moonpalace merge tests; vendor's openapi): role, reasoning, content, calls,
 * a closing chunk with the usage inside its choice, the extra usage chunk if it was asked for, `[DONE]`.
 */
export async function sendStream(reply: Reply, exchange: Exchange): Promise<void> {
  exchange.begin(200, HEADERS);
  await new StreamSender(reply, exchange).send();
  exchange.response.end();
}

class StreamSender {
  readonly #reply: Reply;
  readonly #exchange: Exchange;
  readonly #writer: SplitWriter;
  readonly #end: string;

  constructor(reply: Reply, exchange: Exchange) {
    this.#reply = reply;
    this.#exchange = exchange;
    this.#writer = new SplitWriter(exchange, reply.draft.splitBytes);
    this.#end = reply.draft.crlf ? '\r\n' : '\n';
  }

  async send(): Promise<void> {
    await this.#delta({ role: 'assistant', content: '' });
    const mayClose = await this.#pieces();
    if (mayClose) await this.#close();
    await this.#writer.flush();
  }

  /** False where the script ends the stream before its closing chunk. */
  async #pieces(): Promise<boolean> {
    const { draft, output, paceMs } = this.#reply;
    let sent = 0;
    if (await this.#ends(sent)) return false;
    for (const piece of piecesOf(output, draft.reasoningKey)) {
      if (paceMs > 0) await this.#exchange.sleep(paceMs);
      if (draft.heartbeat) await this.#heartbeat();
      await this.#delta(piece);
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
    if (isLast && badJson) await this.#line('{"id":"chatcmpl-broken","choices":[{"index":0,"delta":');
    if (isLast && errorChunk !== undefined) {
      await this.#data({ error: { message: errorChunk.message, type: errorChunk.type } });
      return true;
    }
    return reached(endAfter);
  }

  async #close(): Promise<void> {
    const { draft, output, usage, fingerprint, request } = this.#reply;
    const place = draft.usagePlace;
    const isInChoice = place === 'choice' || place === 'both';
    const isOnTop = place === 'top' || place === 'both';
    const choice = { index: 0, delta: {}, finish_reason: output.finish, ...(isInChoice ? { usage } : {}) };
    const top = isOnTop ? { usage } : {};
    await this.#chunk([choice], { system_fingerprint: fingerprint, ...top });
    if (request.includeUsage && place !== 'none') await this.#chunk([], { system_fingerprint: fingerprint, usage });
    if (!draft.noDone) await this.#line('[DONE]');
  }

  async #heartbeat(): Promise<void> {
    await this.#writer.write(`: heartbeat${this.#end}${this.#end}`);
    await this.#chunk([], {});
  }

  async #delta(delta: Piece): Promise<void> {
    await this.#chunk([{ index: 0, delta, finish_reason: null }], {});
  }

  async #chunk(choices: readonly unknown[], extra: Readonly<Record<string, unknown>>): Promise<void> {
    const usage = this.#reply.request.includeUsage ? { usage: null } : {};
    const { id, created, model } = this.#reply.envelope;
    await this.#data({ id, object: 'chat.completion.chunk', created, model, choices, ...usage, ...extra });
  }

  async #data(value: unknown): Promise<void> {
    await this.#line(JSON.stringify(value));
  }

  async #line(text: string): Promise<void> {
    await this.#writer.write(`data: ${text}${this.#end}${this.#end}`);
  }
}
