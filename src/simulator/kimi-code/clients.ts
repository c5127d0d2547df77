/** A client that the OpenAI face of Kimi Code lets in, by the beginning of its User-Agent. */
export interface Client {
  readonly name: string;
  /** Official versions that are too old are refused in time (`KimiCLI/1.3`: NousResearch/hermes-agent PR 6947). Where the line runs is not published: this one is ours. */
  readonly atLeast?: readonly [major: number, minor: number];
  readonly source: string;
}

const GUIDE = 'www.kimi.com/code/docs, third-party agents';
const PROBE = 'kodustech/kodus-ai #1257, probes of 2026-06-03';

export const CLIENTS: readonly Client[] = [
  { name: 'kimi-code-cli', source: 'MoonshotAI/kimi-code packages/oauth identity.ts' },
  { name: 'KimiCLI', atLeast: [1, 5], source: 'MoonshotAI/kimi-cli; NousResearch/hermes-agent PR 6947' },
  { name: 'claude-code', source: PROBE },
  { name: 'claude-cli', source: GUIDE },
  { name: 'RooCode', source: PROBE },
  { name: 'Roo-Code', source: GUIDE },
  { name: 'KiloCode', source: GUIDE },
  { name: 'Kilo-Code', source: GUIDE },
  { name: 'opencode', source: PROBE },
  { name: 'OpenClaw', source: GUIDE },
  { name: 'Hermes', source: GUIDE },
  { name: 'hermes-agent', source: GUIDE },
];

export function isKnownClient(userAgent: string): boolean {
  const [, name = '', major = '0', minor = '0'] = userAgent.match(/^([^/\s]+)(?:\/(\d+)(?:\.(\d+))?)?/) ?? [];
  const client = CLIENTS.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (client === undefined) return false;
  const [leastMajor, leastMinor] = client.atLeast ?? [0, 0];
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}
