/** What replicas have in use of an account: calls in flight, and requests of the last minute. */
export interface SharedUse {
  readonly calls: number;
  readonly requests: number;
}
