/** A client's own file as its owner left it: with comments, and with settings that are nobody else's business. */
export interface ClientFixture {
  readonly client: string;
  /** Below the home folder. */
  readonly path: string;
  readonly text: string;
  /** What must be there afterwards. */
  readonly kept: readonly string[];
  readonly added: readonly (string | RegExp)[];
}

const CRAB = `// my agents
{
  agents: {
    defaults: {
      workspace: '~/clawd', // not to be moved
      models: {
        'anthropic/claude': { alias: 'opus' },
      },
    },
  },
  models: {
    providers: {
      // a local one
      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [] },
    },
  },
}
`;

const crab = (client: string): ClientFixture => ({
  client,
  path: `.${client}/${client}.json`,
  text: CRAB,
  kept: [
    "workspace: '~/clawd', // not to be moved",
    "'anthropic/claude': { alias: 'opus' }",
    '// a local one',
    'ollama: {',
  ],
  added: [
    'mode: "merge"',
    'primary: "moonshot/kimi-k2.6"',
    /"moonshot\/kimi-k2\.6": \{\s+alias: "k25"/,
    /"kimicode\/kimi-for-coding": \{\s+alias: "kimi"/,
    'api: "openai-completions"',
    'id: "kimi-k2.5"',
  ],
});

export const FIXTURES: readonly ClientFixture[] = [
  crab('clawdbot'),
  crab('openclaw'),
  {
    client: 'claude-code',
    path: '.claude/settings.json',
    text: '{\n    "permissions": { "allow": ["Bash(ls)"] },\n    "env": { "FOO": "1" }\n}\n',
    kept: ['"permissions": { "allow": ["Bash(ls)"] }', '"FOO": "1"'],
    added: ['"ANTHROPIC_BASE_URL": "http://gate.test:9000"', '"ANTHROPIC_MODEL": "kimi"'],
  },
  {
    client: 'codex',
    path: '.codex/config.toml',
    text: '# mine\nmodel = "gpt-5" # before\napproval_policy = "on-request"\n\n[mcp_servers.files]\ncommand = "npx"\n',
    kept: ['# mine', '# before', 'approval_policy = "on-request"', '[mcp_servers.files]\ncommand = "npx"'],
    added: ['model = "kimi" # before', 'base_url = "http://gate.test:9000/v1"', 'wire_api = "responses"'],
  },
  {
    client: 'opencode',
    path: '.config/opencode/opencode.jsonc',
    text: '{\n  // theme\n  "theme": "dark",\n  "provider": {\n    "other": { "name": "x" }, // theirs\n  },\n}\n',
    kept: ['// theme', '"theme": "dark"', '"other": { "name": "x" }, // theirs'],
    added: ['"model": "moongate/kimi"', '"baseURL": "http://gate.test:9000/v1"'],
  },
  {
    client: 'kimi-code',
    path: '.kimi-code/config.toml',
    text: '# mine\ntelemetry = false\n\n[providers.managed]\ntype = "kimi"\napi_key = "sk-kimi-0123456789abcdef"\n',
    kept: ['# mine', 'telemetry = false', '[providers.managed]', 'sk-kimi-0123456789abcdef'],
    added: ['default_model = "moongate/kimi"', '[models."moongate/kimi"]', 'base_url = "http://gate.test:9000/v1"'],
  },
  {
    client: 'cline',
    path: '.cline/data/settings/providers.json',
    text: '{\n  "version": 1,\n  "modes": {},\n  "providers": {\n    "cline": { "settings": { "provider": "cline" } }\n  }\n}\n',
    kept: ['"modes": {}', '"cline": { "settings": { "provider": "cline" } }'],
    added: ['"lastUsedProvider": "openai-compatible"', '"baseUrl": "http://gate.test:9000/v1"'],
  },
  {
    client: 'continue',
    path: '.continue/config.yaml',
    text: '# mine\nname: My assistant\nversion: 2.0.0\nmodels:\n  - name: Local # small\n    provider: ollama\n    model: qwen\n',
    kept: ['# mine', 'name: My assistant', 'version: 2.0.0', 'name: Local # small', 'provider: ollama'],
    added: ['apiBase: http://gate.test:9000/v1', 'name: Kimi (moongate)', 'schema: v1'],
  },
  {
    client: 'aider',
    path: '.aider.conf.yml',
    text: '# mine\ndark-mode: true # at night\nread:\n  - CONVENTIONS.md\n',
    kept: ['# mine', 'dark-mode: true # at night', '- CONVENTIONS.md'],
    added: ['model: openai/kimi', 'openai-api-base: http://gate.test:9000/v1'],
  },
  {
    client: 'zed',
    path: '.config/zed/settings.json',
    text: '// Zed settings\n{\n  "vim_mode": true, // yes\n  "agent": {\n    "enabled": true,\n  },\n}\n',
    kept: ['// Zed settings', '"vim_mode": true, // yes', '"enabled": true'],
    added: ['"api_url": "http://gate.test:9000/v1"', /"default_model": \{ "provider": "Moongate", "model": "kimi" \}/],
  },
];

/** Clients of which no file is known: what they are shown. */
export const PRINTED: readonly (readonly [client: string, shown: readonly string[]])[] = [
  ['roo-code', ['"openAiBaseUrl": "http://gate.test:9000/v1"', 'Import']],
  ['nextchat', ['BASE_URL=http://gate.test:9000\n', 'DEFAULT_MODEL=k25']],
  ['lobechat', ['OPENAI_PROXY_URL=http://gate.test:9000/v1']],
  ['open-webui', ['OPENAI_API_BASE_URL=http://gate.test:9000/v1', 'host.docker.internal']],
  ['cherry-studio', ['API Host        http://gate.test:9000']],
  ['openai-python', ['base_url="http://gate.test:9000/v1"', 'OPENAI_BASE_URL=http://gate.test:9000/v1']],
  ['openai-node', ["baseURL: 'http://gate.test:9000/v1'"]],
  ['ai-sdk', ["createOpenAICompatible({ name: 'moongate', baseURL: 'http://gate.test:9000/v1'"]],
  ['langchain', ["configuration: { baseURL: 'http://gate.test:9000/v1' }"]],
];
