import type { GatewayError } from '../errors.ts';

/**
 * How a client speaks to the gateway. The inside speaks OpenAI's chat shape; a protocol translates at the rim. It is made for
 * one request where the form of the answer depends on what that has asked.
 */
export interface Protocol {
  /** The client's body as a chat request; throws GatewayErrors of the client's. */
  decode(body: Buffer): Decoded;
  /** A whole answer, as the client expects it. */
  whole(completion: Buffer): Buffer;
  /** The runs of chat events as the client's events, with their proper end. */
  stream(events: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  /** The last event of a stream that failed. */
  errorEvent(error: GatewayError): Buffer;
  errorBody(error: GatewayError): unknown;
  status(error: GatewayError): number;
  /** Sent while there is nothing to say. */
  readonly keepAlive: Buffer;
}

export interface Decoded {
  readonly body: Buffer;
  /** The request carries members of the client's protocol that only a face of that protocol understands. */
  readonly carried: boolean;
  /** What could not be carried over, for the answer's header. */
  readonly notes?: readonly string[];
}
