/**
 * What a failure says about trying again: never, the same request on another surface, with another credential or surface,
 * or after a pause anywhere.
 */
export type Retry = 'never' | 'surface' | 'elsewhere' | 'anywhere';

export interface ErrorRow {
  readonly status: number;
  /** The `type` member of an OpenAI error object. */
  readonly type: string;
  readonly retry: Retry;
  /** The sentence used when the cause brought none of its own. */
  readonly message: string;
  /** What the reader can do about it; sent as `hint`. */
  readonly hint?: string;
}

export const row = (status: number, type: string, retry: Retry, message: string, hint?: string): ErrorRow =>
  hint === undefined ? { status, type, retry, message } : { status, type, retry, message, hint };
