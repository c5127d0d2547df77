/** How the owner wants searches to be made. */
export interface SearchSettings {
  readonly enabled: boolean;
  /** Models whose requests search unless they say otherwise. */
  readonly models: ReadonlySet<string>;
  /** How often at most the model is asked again with what was found. */
  readonly rounds: number;
  /** Searches and pages for one answer. */
  readonly calls: number;
  /** Pages of one search, where the surface lets us choose. */
  readonly results: number;
  readonly timeoutMs: number;
}
