import { GatewayError } from '../errors.ts';

/** A place in the tree of settings: keys and list indexes. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, and what to do about it. */
export interface Problem {
  /** `moongate.yaml:3:5`, the name of a variable, or a flag. */
  readonly where: string;
  readonly path: Path;
  readonly message: string;
}

export function formatPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

export function formatProblem({ where, path, message }: Problem): string {
  return [where, formatPath(path), message].filter((part) => part !== '').join('  ');
}

/** Every problem in one error: nobody should have to start five times to learn of five slips. */
export function configInvalid(problems: readonly Problem[], cause?: unknown): GatewayError {
  // In the order of the file, line 9 before line 10.
  const order = new Intl.Collator('en', { numeric: true });
  const sorted = problems.toSorted((left, right) => order.compare(left.where, right.where));
  const lines = [...new Set(sorted.map(formatProblem))];
  const title =
    lines.length === 1 ? 'The configuration is not valid:' : `The configuration has ${lines.length} problems:`;
  return new GatewayError('config_invalid', {
    message: [title, ...lines.map((line) => `  ${line}`)].join('\n'),
    extra: { problems: sorted.map(({ where, path, message }) => ({ where, path: formatPath(path), message })) },
    ...(cause === undefined ? {} : { cause }),
  });
}
