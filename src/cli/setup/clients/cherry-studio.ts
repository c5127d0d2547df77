import type { Client } from '../client.ts';

export const cherryStudio: Client = {
  id: 'cherry-studio',
  title: 'Cherry Studio',
  protocol: 'chat',
  model: 'k25',
  source: "Cherry Studio's documentation of custom providers (docs.cherry-ai.com); not run here (a desktop program)",
  snippet: ({ origin, key, model }) =>
    [
      'Provider type   OpenAI',
      `API Host        ${origin}`,
      `API Key         ${key}`,
      `Models          ${model}, kimi, kimi-k2.6`,
    ].join('\n'),
  advice: () => [
    {
      en: 'Settings → Model Provider → Add; fill in the fields above, then press Manage to fetch the list of models.',
      zh: '设置 → 模型服务 → 添加；填写以上各项，再点“管理”获取模型列表。',
    },
  ],
};
