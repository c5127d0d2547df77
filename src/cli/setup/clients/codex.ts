import type { Client } from '../client.ts';

export const codex: Client = {
  id: 'codex',
  title: 'Codex',
  protocol: 'responses',
  model: 'kimi',
  source: 'npm @openai/codex 0.169.0, run 2026-11',
  file: { format: 'toml', folder: '.codex', variable: 'CODEX_HOME', names: ['config.toml'] },
  settings: ({ base, key, needsKey, model }) => ({
    model,
    model_provider: 'moongate',
    model_providers: {
      moongate: {
        name: 'moongate',
        base_url: base,
        wire_api: 'responses',
        ...(needsKey ? { experimental_bearer_token: key } : {}),
      },
    },
  }),
  modelSettings: ({ model }) => ({ model }),
  advice: () => [
    {
      en: 'Try it: codex exec --skip-git-repo-check "Say hello". It warns that it does not know the model; that is harmless.',
      zh: '试一试：codex exec --skip-git-repo-check "Say hello"。它会提示不认识该模型，可以忽略。',
    },
  ],
};
