/**
 * The thoughts that answers carried, so that they can be put back where a client dropped them. Keys are made from tool
 * calls by `callKey`; `owner` separates callers from each other.
 */
export interface ReasoningMemory {
  recall(owner: string, call: string): Remembered | undefined;
  remember(owner: string, calls: readonly string[], thoughts: Remembered): void;
}

export interface Remembered {
  /** The text of the thoughts. */
  readonly reasoning: string;
  /** The member in which the host sent them, where that is not `reasoning_content`, and what stood there as JSON. */
  readonly foreign?: { readonly key: string; readonly json: string } | undefined;
}

/** A memory together with the caller whose answers it is asked about. */
export interface ReasoningScope {
  readonly memory: ReasoningMemory;
  readonly owner: string;
}
