import { GatewayError } from '../errors.ts';
import { Failure, UsageError } from './command.ts';
import { type Language, phrase } from './language.ts';

export interface FailureText {
  readonly why: string;
  readonly hint: string | undefined;
  /** What the gateway or a surface has said; undefined for a failure of the command itself. */
  readonly error: GatewayError | undefined;
}

/** What went wrong, for a reader. */
export function describeFailure(thrown: unknown, language: Language): FailureText {
  if (thrown instanceof UsageError) return { why: phrase(thrown.words, language), hint: undefined, error: undefined };
  if (thrown instanceof Failure) {
    const { words, hint } = thrown;
    return {
      why: phrase(words, language),
      hint: hint === undefined ? undefined : phrase(hint, language),
      error: undefined,
    };
  }
  const error = GatewayError.from(thrown);
  const why = error.code === 'internal' && error.cause instanceof Error ? error.cause.message : error.message;
  return { why, hint: error.hint, error };
}
