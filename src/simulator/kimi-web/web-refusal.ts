import type { Exchange } from '../exchange.ts';
import { endFrameOf } from './connect-writer.ts';
import type { WebDraft } from './web-draft.ts';
import { classicError, connectError, WEB_FAULTS, type WebFaultName, type WebFaultRow } from './web-fault.ts';

export type WebProtocol = 'classic' | 'connect';

/** A failure in the words of the protocol, with the HTTP status that each gives it. */
export function sendFault(exchange: Exchange, row: WebFaultRow, protocol: WebProtocol, status = row.status): void {
  exchange.sendJson(status, protocol === 'classic' ? classicError(row) : connectError(row));
}

/** A stream that ends before it began: HTTP 200 and one end-of-stream frame. */
export function sendEndFrame(exchange: Exchange, name: WebFaultName): void {
  exchange.begin(200, { 'content-type': 'application/connect+json' });
  exchange.response.end(endFrameOf(name));
}

export function failWith(exchange: Exchange, failure: NonNullable<WebDraft['failure']>, protocol: WebProtocol): void {
  switch (failure.kind) {
    case 'fault': {
      const row = WEB_FAULTS[failure.name];
      if (!failure.inStream) sendFault(exchange, row, protocol);
      else if (protocol === 'connect') sendEndFrame(exchange, failure.name);
      else sendFault(exchange, row, protocol, 200);
      break;
    }
    case 'limit': {
      const headers = failure.retryAfter === undefined ? undefined : { 'retry-after': String(failure.retryAfter) };
      const row = WEB_FAULTS['model-limit'];
      exchange.sendJson(429, protocol === 'classic' ? classicError(row) : connectError(row), headers);
      break;
    }
    case 'redirect':
      exchange.begin(307, { location: failure.location });
      exchange.response.end();
      break;
    case 'status':
      exchange.begin(failure.status, { 'content-type': 'text/html' });
      exchange.response.end(`<html><body>${failure.text}</body></html>`);
      break;
  }
}
