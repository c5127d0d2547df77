import type { Agent, Way } from './agent.ts';

/** `type`: how the CLI itself calls the protocol. */
const way = (protocol: string, type: string, surfaces: Way['surfaces']): Way => ({
  protocol,
  surfaces,
  start: ({ bin, home, origin, model, prompt }) => ({
    command: bin('kimi'),
    args: ['-p', prompt],
    env: {
      KIMI_CODE_HOME: `${home}/.kimi-code`,
      KIMI_MODEL_NAME: model,
      KIMI_MODEL_API_KEY: 'any',
      KIMI_MODEL_BASE_URL: type === 'anthropic' ? origin : `${origin}/v1`,
      KIMI_MODEL_PROVIDER_TYPE: type,
      KIMI_DISABLE_TELEMETRY: '1',
    },
  }),
});

export const kimiCode: Agent = {
  id: 'kimi-code',
  package: '@moonshot-ai/kimi-code',
  version: '2.1.0',
  write: (path, content) => ({ tool: 'Write', input: { path, content } }),
  run: (command) => ({ tool: 'Bash', input: { command } }),
  ways: [
    way('Chat Completions (kimi)', 'kimi', ['kimi-code', 'moonshot']),
    way('Chat Completions (openai)', 'openai', ['kimi-code', 'moonshot']),
    way('Anthropic Messages', 'anthropic', ['kimi-code', 'moonshot', 'moonshot-k3']),
    way('Responses', 'openai_responses', ['kimi-code', 'moonshot']),
  ],
};
