import type { Clock } from '../../clock.ts';
import { factsOf, type ModelFacts } from '../../models/facts.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Answer, type EventStream, readAnswer, readEventStream } from './exchange.ts';
import { at } from './json-at.ts';
import { SHARED, type SharedName } from './shared-exchanges.ts';

export interface ProbeParts {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** The model behind an alias, as the endpoint tells. */
  readonly served: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The same endpoint with a key that nobody issued; undefined where that would prove nothing. */
  readonly stranger: Endpoint | undefined;
  /** Called before each request. */
  readonly onRequest: () => void;
}

const RETRIES = 2;
const LONGEST_PAUSE_MS = 30_000;

/** What the checks ask an endpoint with. One request at a time: small accounts allow no more. */
export class Probe {
  readonly model: string;
  readonly facts: ModelFacts | undefined;
  readonly #parts: ProbeParts;
  readonly #shared = new Map<SharedName, Promise<EventStream>>();

  constructor(parts: ProbeParts) {
    this.#parts = parts;
    this.model = parts.model;
    this.facts = factsOf(parts.served);
  }

  get hasStranger(): boolean {
    return this.#parts.stranger !== undefined;
  }

  /** One of the exchanges that are made once. A whole answer is a stream without events. */
  shared(name: SharedName): Promise<EventStream> {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const { path, body, isStream } = SHARED[name];
    const made = isStream ? this.stream(body, path) : this.post(body, path).then(withoutEvents);
    this.#shared.set(name, made);
    return made;
  }

  chat(body: object): Promise<Answer> {
    return this.post(body, '/v1/chat/completions');
  }

  post(body: object | string, path: string): Promise<Answer> {
    return this.#send(path, this.#init(body), readAnswer);
  }

  stream(body: object, path = '/v1/chat/completions'): Promise<EventStream> {
    return this.#send(path, this.#init(body), readEventStream);
  }

  get(path: string): Promise<Answer> {
    return this.#send(path, {}, readAnswer);
  }

  /** With a key that nobody issued. */
  async asStranger(body: object): Promise<Answer> {
    const { stranger, endpoint } = this.#parts;
    return this.#send('/v1/chat/completions', this.#init(body), readAnswer, stranger ?? endpoint);
  }

  postWith(body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const init = this.#init(body);
    return this.#send('/v1/chat/completions', { ...init, headers: { ...init.headers, ...headers } }, readAnswer);
  }

  #init(body: object | string) {
    const text = typeof body === 'string' ? body : JSON.stringify({ model: this.model, ...body });
    const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };
    return { method: 'POST', headers, body: text };
  }

  async #send<T extends Answer>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    endpoint = this.#parts.endpoint,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      this.#parts.onRequest();
      const signal = AbortSignal.any([this.#parts.signal, AbortSignal.timeout(this.#parts.timeoutMs)]);
      const answer = await read(await endpoint.call(path, { ...init, signal }));
      if (answer.status !== 429 || attempt === RETRIES || isSpent(answer)) return answer;
      await this.#pause(answer);
    }
  }

  async #pause({ headers }: Answer): Promise<void> {
    const { signal, clock } = this.#parts;
    const seconds = Number(headers.get('retry-after') ?? 1);
    const ms = Math.min(Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 1_000, LONGEST_PAUSE_MS);
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(ms, resolve);
      const stop = () => {
        cancel();
        reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** No money is not a matter of waiting. */
const isSpent = ({ json }: Answer): boolean => /quota|insufficient/.test(String(at(json, 'error', 'type')));

const withoutEvents = (answer: Answer): EventStream => ({ ...answer, events: [], isCut: false, rest: '' });
