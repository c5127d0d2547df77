import { Dispatcher } from 'undici';

export interface Replayed {
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly Buffer[];
}

/** A call that went up. */
export interface Sent {
  readonly path: string;
  readonly body: Buffer;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Where an answer is asked for, on any surface. */
const ANSWERED = /(chat\/completions|\/messages|completion\/stream|ChatService\/Chat)$/;

/**
 * Stands where undici's connections do and hands the pieces of an answer over one by one, each in a turn of its own:
 * a socket joins what lies close together, so that not every cut would arrive as one.
 */
export class ReplayDispatcher extends Dispatcher {
  next: Replayed = { headers: {}, pieces: [] };
  sent: Sent | undefined;

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    void this.#answer(options, handler);
    return true;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> {
    callback?.();
    return Promise.resolve();
  }

  async #answer({ path, body }: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): Promise<void> {
    const controller = new Controller();
    handler.onRequestStart?.(controller, {});
    await turn();
    const { status, headers, pieces } = this.#replyTo(path, body);
    handler.onResponseStart?.(controller, status, headers);
    for (const piece of pieces) {
      await turn();
      while (controller.paused && !controller.aborted) await turn();
      if (controller.reason) return handler.onResponseError?.(controller, controller.reason);
      handler.onResponseData?.(controller, piece);
    }
    await turn();
    if (controller.reason) return handler.onResponseError?.(controller, controller.reason);
    handler.onResponseEnd?.(controller, {});
  }

  #replyTo(path: string, body: Dispatcher.DispatchOptions['body']): Replayed & { readonly status: number } {
    if (ANSWERED.test(path)) {
      this.sent = { path, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
      return { status: 200, ...this.next };
    }
    const headers = { 'content-type': 'application/json' };
    // The older protocol of the web chat makes a chat first.
    if (path.endsWith('/api/chat'))
      return { status: 200, headers, pieces: [Buffer.from('{"id":"d0a1b2c3d4e5f6g7h8j0"}')] };
    return { status: 404, headers, pieces: [Buffer.from('{"error":{"message":"no such path"}}')] };
  }
}

class Controller implements Dispatcher.DispatchController {
  paused = false;
  reason: Error | null = null;

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason: Error): void {
    this.reason = reason;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}
