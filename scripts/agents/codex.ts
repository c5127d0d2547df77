import type { Agent } from './agent.ts';

export const codex: Agent = {
  id: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  write: (path, content) => ({ tool: 'exec_command', input: { cmd: `printf '%s' '${content}' > ${path}` } }),
  run: (command) => ({ tool: 'exec_command', input: { cmd: command } }),
  ways: [
    {
      protocol: 'Responses',
      surfaces: ['kimi-code', 'moonshot'],
      start: ({ bin, home, origin, model, prompt }) => ({
        command: bin('codex'),
        args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
        env: { CODEX_HOME: `${home}/.codex`, GATEWAY_KEY: 'any' },
        files: {
          '.codex/config.toml': [
            `model = "${model}"`,
            'model_provider = "gw"',
            '[model_providers.gw]',
            'name = "moongate"',
            `base_url = "${origin}/v1"`,
            'env_key = "GATEWAY_KEY"',
            'wire_api = "responses"',
            'request_max_retries = 0',
            'stream_max_retries = 0',
          ].join('\n'),
        },
      }),
    },
  ],
};
