import type { GatewayError } from '../../errors.ts';

/** A page that the server's search found. */
export interface WebSource {
  readonly url: string;
  readonly title: string;
  /** What stands in the text for it: the 1 of `[^1^]`. */
  readonly mark: string;
  /** The answer rests on it; the others were only found. */
  readonly used: boolean;
}

/** What happens in an answer of the web chat, whichever protocol told it. */
export type WebEvent =
  | { readonly kind: 'chat'; readonly id: string }
  /** The server's name for this answer: to cancel it, and for the next turn to hang on. */
  | { readonly kind: 'answer'; readonly id: string }
  | { readonly kind: 'thinking' | 'text'; readonly text: string }
  | { readonly kind: 'source'; readonly source: WebSource }
  | { readonly kind: 'length' }
  | { readonly kind: 'filtered'; readonly error: GatewayError }
  | { readonly kind: 'failed'; readonly error: GatewayError }
  | { readonly kind: 'end' };

/** Bytes in, events out, however the bytes were cut. A failure is an event, so that what came before it is not lost. */
export interface WebReader {
  push(piece: Buffer): WebEvent[];
  /** The bytes have ended: what they still held, and `failed` if that was not their proper end. */
  end(): WebEvent[];
}
