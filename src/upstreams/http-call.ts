import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { Round } from '../round.ts';
import type { Signal } from '../signal.ts';
import { ByteSource } from '../stream/byte-source.ts';
import { movedTogether } from '../stream/join-pieces.ts';
import { unpacked } from './unpacked.ts';

export interface HttpCall {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Record<string, string>;
  /** A stream is read as fast as the surface takes it. */
  readonly body?: Buffer | Readable;
}

/** Milliseconds; 0 means no limit. */
export interface CallTimeouts {
  /** From the dispatch to the first byte of the answer's body. */
  readonly firstByteMs: number;
  /** Between two pieces of the answer, not counting the time for which our own reader made it wait. */
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ByteSource;
}

/**
 * One HTTP exchange with a surface. Resolves when the head of the answer is there; the body follows as a ByteSource.
 * What was packed although plain bytes were asked for is unpacked. Redirects are not followed. Failures are GatewayErrors: upstream_unreachable, stream_cut, the timeouts, client_closed.
 */
export function callHttp(
  dispatcher: Dispatcher,
  call: HttpCall,
  timeouts: CallTimeouts,
  clock: Clock,
  signal: Signal,
): Promise<HttpReply> {
  if (signal.aborted) return Promise.reject(new GatewayError('client_closed'));
  const exchange = new Exchange(timeouts, clock, signal);
  const { origin, path, method, headers, body = null } = call;
  dispatcher.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, exchange);
  return exchange.reply;
}

/** The answers of all surfaces. */
const round = new Round();

class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<HttpReply>;
  readonly #resolve: (reply: HttpReply) => void;
  readonly #reject: (reason: GatewayError) => void;
  /** Its pieces are what undici's parser cuts out of what it reads. */
  readonly #body = new ByteSource(movedTogether);
  readonly #timeouts: CallTimeouts;
  readonly #clock: Clock;
  readonly #signal: Signal;
  readonly #onAbort = () => this.#abort(new GatewayError('client_closed'));
  #controller: Dispatcher.DispatchController | undefined;
  #failure: GatewayError | undefined;
  /** The answer, once its head is there. */
  #head: HttpReply | undefined;
  readonly #startedAt: number;
  /** Undefined before the first. */
  #lastByteAt: number | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(timeouts: CallTimeouts, clock: Clock, signal: Signal) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    this.reply = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timeouts = timeouts;
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#startedAt = clock.ticks();
    this.#watch(Math.min(orNever(timeouts.firstByteMs), orNever(timeouts.idleMs), orNever(timeouts.totalMs)));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return; // 100-continue and 103 come before the real head
    this.#body.tap = {
      pause: () => controller.pause(),
      resume: () => {
        if (this.#lastByteAt !== undefined) this.#lastByteAt = this.#clock.ticks();
        controller.resume();
      },
      abort: (reason) => {
        this.#settle();
        controller.abort(reason);
      },
    };
    const plain = { status, headers, body: this.#body };
    const reply = headers['content-encoding'] === undefined ? plain : unpacked(plain);
    this.#head = reply;
    round.join(() => this.#resolve(reply));
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#lastByteAt = this.#clock.ticks();
    this.#body.push(piece);
  }

  onResponseEnd(): void {
    this.#settle();
    this.#body.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(this.#failure ?? this.#connectionError(error));
  }

  /** The connection broke: before the head that means unreachable, behind it the answer is cut. */
  #connectionError(cause: Error): GatewayError {
    const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
    if (this.#head) return new GatewayError('stream_cut', { cause });
    return new GatewayError('upstream_unreachable', {
      message: `The surface could not be reached: ${cause.message}${code}.`,
      cause,
    });
  }

  #abort(failure: GatewayError): void {
    if (this.#failure || this.#body.finished) return;
    this.#failure = failure;
    this.#controller?.abort(failure);
    this.#fail(failure);
  }

  #fail(failure: GatewayError): void {
    this.#settle();
    // A head that has come tells more than what became of the rest.
    if (this.#head) this.#resolve(this.#head);
    else this.#reject(failure);
    this.#body.fail(failure);
  }

  #settle(): void {
    this.#cancelWatch?.();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /** One timer for all limits, set for the nearest: it looks what has passed, instead of being set anew for each chunk. */
  #watch(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) return;
    this.#cancelWatch = this.#clock.after(ms, () => {
      const left = this.#left();
      if (left.total <= 0) this.#abort(new GatewayError('total_timeout'));
      else if (left.next <= 0) {
        this.#abort(new GatewayError(this.#lastByteAt === undefined ? 'first_byte_timeout' : 'idle_timeout'));
      } else this.#watch(Math.min(left.total, left.next));
    });
  }

  /** Milliseconds that are left: to the answer, and to its next byte. */
  #left(): { readonly total: number; readonly next: number } {
    const { totalMs, firstByteMs, idleMs } = this.#timeouts;
    const now = this.#clock.ticks();
    const total = orNever(totalMs) - (now - this.#startedAt);
    if (this.#lastByteAt === undefined) return { total, next: orNever(firstByteMs) - (now - this.#startedAt) };
    const since = this.#body.paused ? now : this.#lastByteAt;
    return { total, next: orNever(idleMs) - (now - since) };
  }
}

/** 0 means no limit. */
function orNever(ms: number): number {
  return ms > 0 ? ms : Number.POSITIVE_INFINITY;
}
