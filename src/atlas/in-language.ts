import { GatewayError } from '../errors.ts';
import { refusalById } from './find-refusal.ts';

/** The error with its advice in Chinese where the client prefers that (`accept-language`); the surface's own words stay. */
export function inLanguage(error: GatewayError, acceptLanguage: string | undefined): GatewayError {
  const { refusal, hint } = error.details;
  if (refusal === undefined || acceptLanguage === undefined || !/^\s*zh\b/i.test(acceptLanguage)) return error;
  const advice = refusalById(refusal)?.advice;
  if (advice === undefined || advice.en !== hint) return error;
  return new GatewayError(error.code, { ...error.details, message: error.message, hint: advice.zh, cause: error });
}
