import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { ByteSource } from '../stream/byte-source.ts';

export interface HttpCall {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
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
 * Redirects are not followed. Failures are GatewayErrors: upstream_unreachable, stream_cut, the timeouts, client_closed.
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
  dispatcher.dispatch({ ...call, body: call.body ?? null, headersTimeout: 0, bodyTimeout: 0 }, exchange);
  return exchange.reply;
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<HttpReply>;
  readonly #resolve: (reply: HttpReply) => void;
  readonly #reject: (reason: GatewayError) => void;
  readonly #body = new ByteSource();
  readonly #timeouts: CallTimeouts;
  readonly #clock: Clock;
  readonly #signal: Signal;
  readonly #onAbort = () => this.#abort(new GatewayError('client_closed'));
  #controller: Dispatcher.DispatchController | undefined;
  #failure: GatewayError | undefined;
  #started = false;
  #firstByteSeen = false;
  #lastByteAt = 0;
  #cancelWatch: () => void = () => {};
  #cancelTotal: () => void = () => {};

  constructor(timeouts: CallTimeouts, clock: Clock, signal: Signal) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    this.reply = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timeouts = timeouts;
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (timeouts.firstByteMs > 0) this.#watch(timeouts.firstByteMs);
    if (timeouts.totalMs > 0) {
      this.#cancelTotal = clock.after(timeouts.totalMs, () => this.#abort(new GatewayError('total_timeout')));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return; // 100-continue and 103 come before the real head
    this.#started = true;
    this.#body.tap = {
      pause: () => controller.pause(),
      resume: () => {
        this.#lastByteAt = this.#clock.ticks();
        controller.resume();
      },
      abort: (reason) => {
        this.#settle();
        controller.abort(reason);
      },
    };
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#lastByteAt = this.#clock.ticks();
    if (!this.#firstByteSeen) {
      this.#firstByteSeen = true;
      this.#cancelWatch();
      if (this.#timeouts.idleMs > 0) this.#watch(this.#timeouts.idleMs);
    }
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
    if (this.#started) return new GatewayError('stream_cut', { cause });
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
    this.#reject(failure);
    this.#body.fail(failure);
  }

  #settle(): void {
    this.#cancelWatch();
    this.#cancelTotal();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /** One timer that looks when the last byte came, instead of a new one for each chunk. */
  #watch(ms: number): void {
    this.#cancelWatch = this.#clock.after(ms, () => {
      const limit = this.#firstByteSeen ? this.#timeouts.idleMs : this.#timeouts.firstByteMs;
      const silent = this.#firstByteSeen ? this.#clock.ticks() - this.#lastByteAt : limit;
      if (this.#body.paused) return this.#watch(limit);
      if (silent < limit) return this.#watch(limit - silent);
      this.#abort(new GatewayError(this.#firstByteSeen ? 'idle_timeout' : 'first_byte_timeout'));
    });
  }
}
