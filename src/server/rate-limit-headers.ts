import type { LimitState } from '../keys/call-limits.ts';

/** How the limits of a key stand, in the form of the client's protocol. */
export function rateLimitHeaders(
  states: readonly LimitState[],
  protocol: string | undefined,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { of, limit, remaining, resetMs } of states) {
    if (protocol === 'anthropic-messages') {
      const name = `anthropic-ratelimit-${of}`;
      headers[`${name}-limit`] = String(limit);
      headers[`${name}-remaining`] = String(remaining);
      headers[`${name}-reset`] = new Date(now + resetMs).toISOString().replace(/\.\d+Z$/, 'Z');
    } else {
      headers[`x-ratelimit-limit-${of}`] = String(limit);
      headers[`x-ratelimit-remaining-${of}`] = String(remaining);
      headers[`x-ratelimit-reset-${of}`] = durationText(resetMs);
    }
  }
  return headers;
}

/** As Go writes durations, which OpenAI's headers are: `350ms`, `12.5s`, `1m0s`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${Number(((ms - minutes * 60_000) / 1_000).toFixed(3))}s`;
  return minutes === 0 ? seconds : `${minutes}m${seconds}`;
}
