import type { Item, ResponseObject } from '../chat/responses/index.ts';

/** A response that can be fetched and continued. */
export interface StoredResponse {
  readonly id: string;
  /** The inbound key that made it. Nobody else sees it. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly response: ResponseObject;
  /** What its request said itself; what was said before is with `previous`. */
  readonly input: readonly Item[];
  /** The response that it continues. */
  readonly previous: string | undefined;
  readonly conversation: string | undefined;
}

export interface StoreLimits {
  /** The most responses. */
  readonly keep: number;
  /** The most bytes of all of them. */
  readonly bytes: number;
  /** How long a response is kept, milliseconds. */
  readonly age_ms: number;
}

/** Where responses are kept. An owner's view holds only his own. */
export interface ResponseStore {
  /** Keeps the response, in place of an older state of it. */
  put(stored: StoredResponse): Promise<void>;
  get(owner: string, id: string): Promise<StoredResponse | undefined>;
  /** True if it was there. */
  delete(owner: string, id: string): Promise<boolean>;
  /** The last response of a conversation that came to its end. */
  newestIn(owner: string, conversation: string): Promise<StoredResponse | undefined>;
  /** Items of outputs by id; those that are not kept are missing. */
  items(owner: string, ids: readonly string[]): Promise<ReadonlyMap<string, Item>>;
}

/** Whether a response can be continued: it has said what it had to say. */
export function isEnded({ status }: ResponseObject): boolean {
  return status === 'completed' || status === 'incomplete';
}
