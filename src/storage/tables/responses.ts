/** A response of the Responses protocol that can be fetched and continued. Times are milliseconds. */
export interface ResponseTable {
  id: string;
  /** Name of the inbound key that made it. */
  owner: string;
  created_at: number;
  /** When it was last put or read, to the hour. */
  used_at: number;
  conversation: string | null;
  /** 1: it came to its end and can be continued. */
  ended: number;
  bytes: number;
  /** All of it, as JSON. */
  body: string;
}

/** Which response an item of an output belongs to. */
export interface ResponseItemTable {
  /** JSON of owner and id of the item. */
  id: string;
  response_id: string;
}
