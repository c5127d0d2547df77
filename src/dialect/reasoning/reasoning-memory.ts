/**
 * The thoughts that answers carried, so that they can be put back where a client dropped them. Keys are made from tool
 * calls by `callKey`; `owner` separates callers from each other.
 */
export interface ReasoningMemory {
  /** The text of the thoughts. */
  recall(owner: string, call: string): string | undefined;
  /** The same as the host had sent it, where that was under another name. */
  recallForeign(owner: string, call: string): ForeignThoughts | undefined;
  remember(owner: string, calls: readonly string[], reasoning: string, foreign?: ForeignThoughts): void;
}

/** A member other than `reasoning_content`, and what stood there as JSON. */
export interface ForeignThoughts {
  readonly key: string;
  readonly json: string;
}

/** A memory together with the caller whose answers it is asked about. */
export interface ReasoningScope {
  readonly memory: ReasoningMemory;
  readonly owner: string;
}
