import type { IncomingMessage } from 'node:http';
import { parseJson } from './json.ts';

const MAX_RAW = 4 * 1024 * 1024;

/** What a client sent, and how the answer to it ended. */
export class RecordedCall {
  readonly method: string;
  /** With the prefix that names the host, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly arrivedAt: number;
  /** The parsed body, or undefined where it is not JSON. */
  body: unknown = undefined;
  /** At most 4 MiB of it. */
  rawBody = '';
  status: number | undefined = undefined;
  /** The client hung up before the answer had ended. */
  aborted = false;
  /** The whole answer was sent. */
  finished = false;
  /** The simulator destroyed the socket on purpose. */
  severed = false;

  constructor(request: IncomingMessage, arrivedAt: number) {
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    this.method = request.method ?? 'GET';
    this.path = path;
    this.query = query;
    this.headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    );
    this.arrivedAt = arrivedAt;
  }

  setBody(raw: Buffer): void {
    this.rawBody = raw.subarray(0, MAX_RAW).toString('utf8');
    const isJson = (this.headers['content-type'] ?? '').includes('json');
    const parsed = isJson ? parseJson(raw.toString('utf8')) : undefined;
    if (parsed?.ok === true) this.body = parsed.value;
  }
}

/** Appends and forgets the oldest. */
export function remember(calls: RecordedCall[], call: RecordedCall, limit: number): void {
  calls.push(call);
  if (calls.length > limit) calls.splice(0, calls.length - limit);
}
