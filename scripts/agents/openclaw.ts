import type { Agent, Way } from './agent.ts';

/** OpenClaw and Clawdbot, from which it comes, are configured and started alike. */
const way =
  (name: string) =>
  (protocol: string, api: string, surfaces: Way['surfaces']): Way => ({
    protocol,
    surfaces,
    start: ({ bin, work, origin, model, prompt }) => ({
      command: bin(name),
      args: ['agent', '--local', '--session-id', 'task', '--message', prompt],
      env: { GATEWAY_KEY: 'any' },
      files: {
        [`.${name}/${name}.json`]: JSON.stringify({
          models: {
            providers: {
              gw: {
                baseUrl: api === 'anthropic-messages' ? origin : `${origin}/v1`,
                // biome-ignore lint/suspicious/noTemplateCurlyInString: the agent's own form of a variable
                apiKey: '${GATEWAY_KEY}',
                api,
                models: [
                  {
                    id: model,
                    name: model,
                    reasoning: true,
                    input: ['text'],
                    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
                    contextWindow: 262_144,
                    maxTokens: 32_768,
                  },
                ],
              },
            },
          },
          agents: { defaults: { workspace: work, model: { primary: `gw/${model}` } } },
        }),
      },
    }),
  });

const tools: Pick<Agent, 'write' | 'run'> = {
  write: (path, content) => ({ tool: 'write', input: { path, content } }),
  run: (command) => ({ tool: 'exec', input: { command } }),
};

export const openclaw: Agent = {
  id: 'openclaw',
  package: 'openclaw',
  version: '2026.9.6',
  ...tools,
  ways: [
    way('openclaw')('Chat Completions', 'openai-completions', ['kimi-code', 'moonshot']),
    way('openclaw')('Anthropic Messages', 'anthropic-messages', ['kimi-code']),
  ],
};

export const clawdbot: Agent = {
  id: 'clawdbot',
  package: 'clawdbot',
  version: '2026.1.24-3',
  // Its WhatsApp channel names a git repository, and the newest linkedom a package that is not there.
  overrides: { libsignal: '6.0.0', linkedom: '0.18.12' },
  ...tools,
  ways: [way('clawdbot')('Chat Completions', 'openai-completions', ['kimi-code', 'moonshot'])],
};
