/** Agents that the OpenAI face of Kimi Code is known to let in, by the name with which their User-Agent begins. */
interface Agent {
  readonly name: string;
  readonly source: string;
}

const GUIDE = 'www.kimi.com/code/docs, third-party agents';

/**
 * Who is not here takes the Anthropic face, which needs no approval; so does Claude Code itself (`claude-cli/…`), whose
 * language that is. The vendor's list of today is not published.
 */
const AGENTS: readonly Agent[] = [
  { name: 'kimi-code-cli', source: 'MoonshotAI/kimi-code packages/oauth identity.ts, 2026-08-22' },
  { name: 'KimiCLI', source: 'MoonshotAI/kimi-cli 1.49.0' },
  { name: 'claude-code', source: 'kodustech/kodus-ai #1257, probes of 2026-06-03' },
  { name: 'RooCode', source: 'kodustech/kodus-ai #1257, probes of 2026-06-03' },
  { name: 'opencode', source: 'kodustech/kodus-ai #1257, probes of 2026-06-03' },
  { name: 'Kilo-Code', source: GUIDE },
  { name: 'KiloCode', source: GUIDE },
  { name: 'OpenClaw', source: GUIDE },
  { name: 'Hermes', source: GUIDE },
];

const NAMES = new Set(AGENTS.map(({ name }) => name.toLowerCase()));

export function isKnownAgent(userAgent: string): boolean {
  return NAMES.has((/^[^/\s]+/.exec(userAgent)?.[0] ?? '').toLowerCase());
}
