import type { GatewayError } from '../errors.ts';

/**
 * How a client speaks to the gateway. The inside speaks OpenAI's chat shape; a protocol translates at the rim. It is made for
 * one request where the form of the answer depends on what that has asked.
 */
export interface Protocol {
  /** What the client asks; throws GatewayErrors of the client's. */
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
  /** It has words for the searches that were made on the way to an answer. */
  readonly showsSearches?: boolean;
}

export interface Decoded {
  /** What the gateway reads model, stream and messages of. */
  readonly body: Buffer;
  /**
   * For a protocol that a surface may speak too: `body` is the client's own, and this is the same request in the inside's
   * shape, made when it is first asked for, with notes of what that has no words for; `changed`: what was made of the
   * body since. Throws errors of the client's.
   */
  readonly inside?: (changed?: Buffer) => { readonly body: Buffer; readonly notes: readonly string[] };
  /** What could not be carried over, for the answer's header. */
  readonly notes?: readonly string[];
  /** Further chat requests, whose answers are the further choices of the one. */
  readonly further?: readonly Buffer[];
}
