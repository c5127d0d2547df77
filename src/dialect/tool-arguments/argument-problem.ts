/** Where a value breaks its schema. */
export interface ArgumentProblem {
  /** `/items/3/name`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** How one subschema asks for another to be checked. */
export interface Checker {
  check(value: unknown, schema: unknown, path: string): readonly ArgumentProblem[];
}
