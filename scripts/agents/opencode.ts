import type { Agent, Way } from './agent.ts';

/** `npm`: the AI SDK provider that opencode brings for the protocol. */
const way = (protocol: string, npm: string, surfaces: Way['surfaces']): Way => ({
  protocol,
  surfaces,
  start: ({ bin, origin, model, prompt }) => ({
    command: bin('opencode'),
    args: ['run', '--model', `gw/${model}`],
    // An argument would be quoted on the way, quotes in it escaped.
    stdin: prompt,
    files: {
      '.config/opencode/opencode.json': JSON.stringify({
        provider: {
          gw: {
            npm,
            name: 'moongate',
            options: { baseURL: `${origin}/v1`, apiKey: 'any' },
            models: { [model]: { name: model } },
          },
        },
        autoupdate: false,
        share: 'disabled',
      }),
    },
  }),
});

export const opencode: Agent = {
  id: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  write: (filePath, content) => ({ tool: 'write', input: { filePath, content } }),
  run: (command) => ({ tool: 'bash', input: { command, description: 'Run it' } }),
  ways: [
    way('Chat Completions', '@ai-sdk/openai-compatible', ['kimi-code', 'moonshot']),
    way('Anthropic Messages', '@ai-sdk/anthropic', ['kimi-code', 'moonshot']),
    way('Responses', '@ai-sdk/openai', ['kimi-code', 'moonshot']),
  ],
};
