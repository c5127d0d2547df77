/** A way in which Kimi differs from what clients send, and where the answer to it is. */
export interface Quirk {
  readonly id: `Q${number}`;
  readonly question: string;
  /** Rules of the dialect, in the order in which they matter. */
  readonly rules?: readonly string[];
  /** Where else it is met, as files of this repository. */
  readonly code?: readonly string[];
  /** What is done and why, where a rule does not say it, or why nothing is done. */
  readonly answer?: string;
}
