import { GatewayError } from '../errors.ts';
import { Failure, UsageError } from './command.ts';
import { type Language, phrase } from './language.ts';

export interface FailureText {
  readonly why: string;
  readonly hint: string | undefined;
  /** Undefined where the command line was wrong. */
  readonly error: GatewayError | undefined;
}

/** What went wrong, for a reader. What a gateway or a surface said stays in its own words. */
export function describeFailure(thrown: unknown, language: Language): FailureText {
  if (thrown instanceof UsageError) return { why: phrase(thrown.words, language), hint: undefined, error: undefined };
  const error = GatewayError.from(thrown);
  if (error instanceof Failure) {
    const hint = error.advice === undefined ? error.hint : phrase(error.advice, language);
    return { why: phrase(error.words, language), hint, error };
  }
  const why = error.code === 'internal' && error.cause instanceof Error ? error.cause.message : error.message;
  return { why, hint: error.hint, error };
}
