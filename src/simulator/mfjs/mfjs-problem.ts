/** Where a schema leaves the dialect, and the validator's own sentence about it. */
export interface MfjsProblem {
  /** `root`, or the dotted way to the subschema, such as `properties.filter.items`. */
  readonly path: string;
  readonly reason: string;
}

/** The way to a subschema; the root is the empty list. */
export type MfjsPath = readonly string[];

export function problem(path: MfjsPath, reason: string): MfjsProblem {
  return { path: path.length === 0 ? 'root' : path.join('.'), reason };
}
