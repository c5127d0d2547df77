import type { Config } from '../config/index.ts';
import type { Inbound } from './exchange.ts';

/** Refuse instead of repairing. */
export function isStrict(inbound: Inbound, { strict }: Config): boolean {
  return strict || inbound.header('x-moongate-strict') === '1';
}

/** Check the tool calls of the answer, and ask once more where they do not fit. */
export function wantsValidCalls(inbound: Inbound, { tool_validation }: Config): boolean {
  return (inbound.header('x-moongate-tool-validation') ?? tool_validation) === 'retry';
}
