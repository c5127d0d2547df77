import { isObject } from './json.ts';
import type { Simulator } from './simulator.ts';

export type Body = Record<string, unknown>;

/** A parsed event stream: the JSON of every data line, and whether `[DONE]` came. */
export interface StreamRecord {
  readonly chunks: readonly Body[];
  readonly isDone: boolean;
  readonly text: string;
}

/** A small client for the simulator's own tests: node's fetch and nothing of the gateway. */
export class SimClient {
  readonly #base: string;
  readonly #key: string;

  constructor(simulator: Simulator, key = 'sk-sim-cn', host: 'cn' | 'ai' = 'cn') {
    this.#base = host === 'cn' ? simulator.cnBaseUrl : simulator.aiBaseUrl;
    this.#key = key;
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#key !== '') headers.set('authorization', `Bearer ${this.#key}`);
    return fetch(`${this.#base}${path}`, { ...init, headers });
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...init.headers };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request(path, { ...init, method: 'POST', headers, body: text });
  }

  /** The chat endpoint; a string is the one user message of a conversation. */
  chat(messages: string | readonly unknown[], more: Body = {}, init: RequestInit = {}): Promise<Response> {
    const list = typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages;
    return this.post('/chat/completions', { model: 'kimi-k3', messages: list, ...more }, init);
  }

  async stream(messages: string | readonly unknown[], more: Body = {}): Promise<StreamRecord> {
    const response = await this.chat(messages, { stream: true, ...more });
    return readStream(await response.text());
  }
}

function readStream(text: string): StreamRecord {
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.slice('data: '.length));
  return {
    chunks: data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Body),
    isDone: data.at(-1) === '[DONE]',
    text,
  };
}

/** A member deep inside a JSON value: `at(body, 'choices', 0, 'message')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current.at(step);
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

/** The text of a stream, by the name of its member. */
export function textOf(record: StreamRecord, key = 'content'): string {
  return record.chunks.map((chunk) => String(at(chunk, 'choices', 0, 'delta', key) ?? '')).join('');
}
