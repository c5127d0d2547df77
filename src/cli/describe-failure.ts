import { GatewayError } from '../errors.ts';
import { Failure, UsageError } from './command.ts';
import { adviceInChinese, inChinese } from './error-words.ts';
import { type Language, type Phrase, phrase } from './language.ts';

export interface FailureText {
  readonly why: string;
  readonly hint: string | undefined;
  /** Undefined where the command line was wrong. */
  readonly error: GatewayError | undefined;
}

/** What went wrong, for a reader. What a gateway or a surface said stays in its own words, behind their meaning. */
export function describeFailure(thrown: unknown, language: Language): FailureText {
  if (thrown instanceof UsageError) return { why: phrase(thrown.words, language), hint: undefined, error: undefined };
  const error = GatewayError.from(thrown);
  const said = wordsOf(error);
  const advice = error instanceof Failure ? (error.advice ?? error.hint) : error.hint;
  const isBug = error.code === 'internal' && error.cause instanceof Error;
  const isForeign = typeof said === 'string' && language !== 'en' && !isBug;
  return {
    why: isForeign ? inChinese(error.code, said) : phrase(said, language),
    hint: advice === undefined ? undefined : hintOf(error, advice, language),
    error,
  };
}

/** A plain string is what somebody else said, in English. */
function wordsOf(error: GatewayError): Phrase {
  if (error instanceof Failure) return error.words.en === error.words.zh ? error.words.en : error.words;
  return error.code === 'internal' && error.cause instanceof Error ? error.cause.message : error.message;
}

function hintOf({ code }: GatewayError, advice: Phrase, language: Language): string {
  if (language === 'en' || typeof advice !== 'string') return phrase(advice, language);
  return adviceInChinese(code, advice);
}
