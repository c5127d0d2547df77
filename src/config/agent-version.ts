import { z } from 'zod';
import { text } from './fields.ts';

/** What the clients of 2026-02 called themselves by default. It was refused since; newer ones may be let in. */
export const DEFAULT_AGENT_VERSION = '0.77';

const VERSION = /^\d+(\.\d+){0,3}$/;

/** `1.6`, or `default`; undefined: it is none. */
export function readAgentVersion(value: string): string | undefined {
  if (value === 'default') return DEFAULT_AGENT_VERSION;
  return VERSION.test(value) ? value : undefined;
}

/** A version of KimiCLI as the configuration has it; it becomes a header. */
export const agentVersion = (description: string) =>
  text(description)
    .transform((value, context) => {
      const version = readAgentVersion(value);
      if (version !== undefined) return version;
      context.addIssue(`must be a version such as 1.6, or default, which is ${DEFAULT_AGENT_VERSION}`);
      return z.NEVER;
    })
    .meta({ kind: 'text', description });
