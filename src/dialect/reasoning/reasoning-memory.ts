/**
 * The thoughts that answers carried, so that they can be put back where a client dropped them. Keys are made from tool
 * calls by `callKey`; `owner` separates callers from each other.
 */
export interface ReasoningMemory {
  recall(owner: string, call: string): string | undefined;
  remember(owner: string, calls: readonly string[], reasoning: string): void;
}

/** A memory together with the caller whose answers it is asked about. */
export interface ReasoningScope {
  readonly memory: ReasoningMemory;
  readonly owner: string;
}
