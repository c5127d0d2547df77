import type { ChatChunk } from '../chat/chat.ts';
import type { ResponseObject, ResponsesEncoder } from '../chat/responses/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { EventLog } from './event-log.ts';

/** How long the events of a response that has ended can still be asked for. */
const REPLAY_MS = 5 * 60_000;

/** An answer that is worked on while its client may be gone. */
export interface BackgroundJob {
  readonly owner: string;
  readonly encoder: ResponsesEncoder;
  /** Asks the model. The chunks come in batches, as they arrive. */
  answer(signal: AbortSignal): Promise<AsyncIterable<readonly ChatChunk[]>>;
  /** Called once with the response as it has ended. Must not throw. */
  ended(response: ResponseObject): Promise<void>;
}

/** A response in the background, running or ended a short time ago. */
export class Run {
  readonly owner: string;
  readonly log = new EventLog();
  /** Resolves when the response has ended and is kept. Never rejects. */
  readonly done: Promise<void>;
  endedAt: number | undefined;
  readonly #encoder: ResponsesEncoder;
  readonly #abort = new AbortController();
  #cancelled = false;

  constructor(job: BackgroundJob, clock: Clock) {
    this.owner = job.owner;
    this.#encoder = job.encoder;
    this.log.add(job.encoder.queue());
    this.done = this.#run(job).finally(() => {
      this.endedAt = clock.now();
    });
  }

  get response(): ResponseObject {
    return this.#encoder.response;
  }

  async cancel(): Promise<void> {
    if (this.endedAt === undefined) this.#cancelled = true;
    this.#abort.abort();
    await this.done;
  }

  /** The gateway stops: the response fails. */
  stop(): Promise<void> {
    this.#abort.abort(new GatewayError('stopping'));
    return this.done;
  }

  async #run(job: BackgroundJob): Promise<void> {
    const { signal } = this.#abort;
    try {
      for await (const chunks of await job.answer(signal)) {
        signal.throwIfAborted();
        for (const chunk of chunks) this.log.add(this.#encoder.add(chunk));
      }
      signal.throwIfAborted();
      const last = this.#encoder.end();
      await job.ended(this.response);
      this.log.add(last);
    } catch (thrown) {
      if (this.#cancelled) this.#encoder.cancel();
      else this.log.add(this.#encoder.fail(GatewayError.from(signal.aborted ? signal.reason : thrown)));
      await job.ended(this.response);
    } finally {
      this.log.end();
    }
  }
}

/** The responses that run in the background of this process. */
export class BackgroundRuns {
  readonly #clock: Clock;
  readonly #most: () => number;
  readonly #runs = new Map<string, Run>();

  /** `most`: how many may run at once; as many that have ended are kept for their events. */
  constructor(clock: Clock, most: () => number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Throws background_full if there are too many already; to be asked before work is done for one more. */
  checkRoom(): void {
    this.#sweep();
    const running = [...this.#runs.values()].filter(({ endedAt }) => endedAt === undefined).length;
    if (running < this.#most()) return;
    throw new GatewayError('background_full', {
      hint: 'Wait for some of them, or raise `responses.background` in moongate.yaml.',
    });
  }

  start(job: BackgroundJob): Run {
    this.checkRoom();
    const run = new Run(job, this.#clock);
    this.#runs.set(run.response.id, run);
    return run;
  }

  find(owner: string, id: string): Run | undefined {
    this.#sweep();
    const run = this.#runs.get(id);
    return run?.owner === owner ? run : undefined;
  }

  forget(id: string): void {
    this.#runs.delete(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
    this.#runs.clear();
  }

  #sweep(): void {
    const ended = [...this.#runs].filter(([, { endedAt }]) => endedAt !== undefined);
    const surplus = ended.length - this.#most();
    for (const [index, [id, { endedAt = 0 }]] of ended.entries()) {
      if (index < surplus || this.#clock.now() - endedAt > REPLAY_MS) this.#runs.delete(id);
    }
  }
}
