/** The thoughts before one answer's tool calls, where the owner has turned on that they are kept. */
export interface ReasoningTable {
  /** A hash of owner and calls. */
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Name of the inbound key. */
  owner: string;
  /** The keys of the calls, as a JSON list. */
  calls: string;
  reasoning: string;
  /** The member in which the host sent them and what stood there, where that is not Kimi's. */
  foreign_key: string | null;
  foreign_json: string | null;
  /** What the row counts towards the limit. */
  size: number;
}
