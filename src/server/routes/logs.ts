import { GatewayError } from '../../errors.ts';
import { toAbortSignal } from '../../signal.ts';
import type { Inbound, Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

const USUAL = 200;
const MOST = 10_000;
/** An empty line, so that nobody on the way takes a quiet log for a dead one. */
const KEEP_ALIVE = { everyMs: 15_000, bytes: Buffer.from('\n') };

/** GET /admin/logs: the last lines of the log, one JSON object a line; `?lines=`, and `?follow=true` for what comes. */
export async function showLogs({ query, signal }: Inbound, { logs }: RouteContext): Promise<Reply> {
  if (logs === undefined) {
    throw new GatewayError('not_found', { message: 'This gateway keeps no log that could be read from outside.' });
  }
  const parameters = new URLSearchParams(query);
  const count = Number(parameters.get('lines') ?? USUAL);
  if (!Number.isInteger(count) || count < 0 || count > MOST) {
    throw new GatewayError('invalid_request', { message: `\`lines\` must be from 0 to ${MOST}.`, param: 'lines' });
  }
  const headers = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' };
  const first = Buffer.from(logs.last(count).join(''));
  if (parameters.get('follow') !== 'true') return { status: 200, headers, body: first };
  return { status: 200, headers, body: toBytes(first, logs.follow(toAbortSignal(signal))), keepAlive: KEEP_ALIVE };
}

async function* toBytes(first: Buffer, texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for await (const text of texts) yield Buffer.from(text);
}
