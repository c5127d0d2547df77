import type { Agent } from './agent.ts';

export const claudeCode: Agent = {
  id: 'claude-code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  write: (file_path, content) => ({ tool: 'Write', input: { file_path, content } }),
  run: (command) => ({ tool: 'Bash', input: { command, description: 'Run it' } }),
  ways: [
    {
      protocol: 'Anthropic Messages',
      surfaces: ['kimi-code', 'moonshot', 'moonshot-k3'],
      start: ({ bin, origin, model, prompt }) => ({
        command: bin('claude'),
        args: ['-p', prompt, '--allowedTools', 'Bash,Write'],
        env: {
          ANTHROPIC_BASE_URL: origin,
          ANTHROPIC_AUTH_TOKEN: 'any',
          ANTHROPIC_MODEL: model,
          ANTHROPIC_SMALL_FAST_MODEL: model,
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        },
      }),
    },
  ],
};
