import type { Measure } from './limits.ts';

/** A limit that a surface told, by its sentence or by a header. */
export interface NamedLimit {
  readonly measure: Measure;
  readonly value: number;
}

/**
 * "Your account org-…<ak-…> request reached organization max RPM: 3, please try again after 1 seconds": older sentences
 * of the open platform name the measure and its value (LLM-Red-Team/kimi-cc #16; MoonshotAI/kimi-cli #2368). Today's
 * "Organization Rate limit exceeded, please try again after 1 seconds" names neither.
 */
const NAMED = /request reached organization max (concurrency|RPM|TPM|TPD): (\d+)\b/;

export function limitInSentence(sentence: string): NamedLimit | undefined {
  const [, name, digits] = NAMED.exec(sentence) ?? [];
  const measure = (['concurrency', 'rpm', 'tpm', 'tpd'] as const).find((known) => known === name?.toLowerCase());
  const value = Number(digits);
  return measure !== undefined && value >= 1 ? { measure, value } : undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The names that OpenAI uses, and compatible surfaces with it. The platform's help page tells of `X-RateLimit-Limit`
 * without saying of what, so that one is left alone.
 */
const HEADERS = [
  ['x-ratelimit-limit-requests', 'rpm'],
  ['x-ratelimit-limit-tokens', 'tpm'],
] as const;

/** Undefined, without an allocation, where the headers name none: it is asked for every answer. */
export function limitsInHeaders(headers: Headers): readonly NamedLimit[] | undefined {
  let found: NamedLimit[] | undefined;
  for (const [name, measure] of HEADERS) {
    const text = headers[name];
    if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) continue;
    const value = Number(text);
    if (value < 1) continue;
    found ??= [];
    found.push({ measure, value });
  }
  return found;
}
