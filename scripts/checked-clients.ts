/** The clients that npm has, how each is asked about its configuration, and how it is given one prompt. */
export interface CheckedClient {
  readonly id: string;
  readonly package: string;
  readonly command: string;
  /** The name of its prefix folder, if not the id. */
  readonly folder?: string;
  readonly judge?: { readonly args: readonly string[]; readonly expected: readonly RegExp[] };
  readonly ask: readonly string[];
  /** The path of the gateway that it calls. */
  readonly path: string;
}

/** What the simulator is told to answer. */
export const WORD = 'pong-from-the-simulator';
/** On a line of its own: OpenClaw writes the time before the first. */
export const PROMPT = `Hello.\nsim: say ${WORD}`;

const crab = (id: string, args: readonly string[], expected: readonly RegExp[]): CheckedClient => ({
  id,
  package: id,
  command: id,
  judge: { args, expected },
  ask: ['agent', '--local', '--session-id', 'check', '--message', PROMPT],
  path: '/v1/chat/completions',
});

const LISTED = [
  /moonshot\/kimi-k2\.6 .*default,configured,alias:k25/,
  /kimicode\/kimi-for-coding .*configured,alias:kimi/,
];

export const CLIENTS: readonly CheckedClient[] = [
  crab('clawdbot', ['models', 'list'], LISTED),
  crab('openclaw', ['config', 'validate'], [/Config valid/]),
  {
    id: 'claude-code',
    folder: 'claude',
    package: '@anthropic-ai/claude-code',
    command: 'claude',
    ask: ['-p', PROMPT],
    path: '/v1/messages',
  },
  {
    id: 'codex',
    package: '@openai/codex',
    command: 'codex',
    judge: { args: ['doctor', '--json'], expected: [/"config.toml parse": "ok"/, /"model provider": "moongate"/] },
    ask: ['exec', '--skip-git-repo-check', PROMPT],
    path: '/v1/responses',
  },
  {
    id: 'opencode',
    package: 'opencode-ai',
    command: 'opencode',
    judge: { args: ['debug', 'config'], expected: [/"model": "moongate\/kimi"/, /"baseURL": "http:/] },
    ask: ['run', PROMPT],
    path: '/v1/chat/completions',
  },
  {
    id: 'kimi-code',
    folder: 'kimi',
    package: '@moonshot-ai/kimi-code',
    command: 'kimi',
    judge: { args: ['doctor', 'config'], expected: [/All checked config files are valid/] },
    ask: ['-p', PROMPT],
    path: '/v1/chat/completions',
  },
  {
    id: 'cline',
    package: 'cline',
    command: 'cline',
    ask: ['--json', PROMPT],
    path: '/v1/chat/completions',
  },
  {
    id: 'continue',
    package: '@continuedev/cli',
    command: 'cn',
    ask: ['-p', PROMPT],
    path: '/v1/chat/completions',
  },
];
