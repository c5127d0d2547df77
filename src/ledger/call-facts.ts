/** What is known of a call when its answer has ended; the log line of the request is made of the same. */
export interface CallFacts {
  readonly model?: string | undefined;
  readonly surface?: string | undefined;
  /** The name and the mask. */
  readonly credential?: string | undefined;
  readonly repairs?: readonly string[] | undefined;
  readonly fallbacks?: readonly string[] | undefined;
  readonly tokens_in?: number | undefined;
  readonly tokens_cached?: number | undefined;
  readonly tokens_out?: number | undefined;
  readonly tokens_reasoning?: number | undefined;
  /** Searches of the web that were paid for. */
  readonly searches?: number | undefined;
  /** The code of a failure in the midst of the answer. */
  readonly code?: string | undefined;
  readonly [member: string]: unknown;
}

/** One call, as the hot path hands it over: nothing is computed before it is written. */
export interface FinishedCall {
  readonly id: string;
  readonly at: number;
  readonly key: string;
  readonly protocol: string;
  readonly asked: string | undefined;
  readonly status: number;
  /** Of the failure. */
  readonly code: string | undefined;
  readonly complete: boolean;
  readonly firstMs: number;
  readonly totalMs: number;
  readonly facts: CallFacts;
  readonly bodies: { readonly request: string | undefined; readonly answer: string | undefined } | undefined;
}
