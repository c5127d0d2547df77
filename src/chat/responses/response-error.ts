import type { JsonObject } from '../json-object.ts';

/** What the codec needs of an error: `GatewayError` has these members. */
export interface ErrorLike {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string | undefined;
}

/**
 * OpenAI's codes for the `error` of a response that failed. The two that its reference does not list are what Codex looks
 * for (openai/codex, codex-rs, responses stream), to compact its history or to say that there is no money left.
 */
const CODES: Readonly<Record<string, string>> = {
  rate_limited: 'rate_limit_exceeded',
  concurrency_limited: 'rate_limit_exceeded',
  quota_exhausted: 'insufficient_quota',
  context_length_exceeded: 'context_length_exceeded',
};

export function toResponseError({ status, message, code = '', hint }: ErrorLike): JsonObject {
  return {
    code: CODES[code] ?? (status < 500 && status !== 429 ? 'invalid_prompt' : 'server_error'),
    message: hint === undefined ? message : `${message} ${hint}`,
  };
}
