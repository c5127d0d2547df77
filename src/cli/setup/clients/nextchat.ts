import type { Client } from '../client.ts';

export const nextchat: Client = {
  id: 'nextchat',
  title: 'NextChat',
  protocol: 'chat',
  model: 'k25',
  source: 'NextChat main of 2026-07-06, .env.template; run in both modes 2026-11',
  file: { format: 'env', names: [] },
  // It appends /v1/chat/completions by itself.
  settings: ({ origin, key, model }) => ({
    BASE_URL: origin,
    OPENAI_API_KEY: key,
    CUSTOM_MODELS: ['-all', ...[...new Set([model, 'k25', 'kimi'])].map((name) => `+${name}`)].join(','),
    DEFAULT_MODEL: model,
  }),
  modelSettings: ({ model }) => ({ DEFAULT_MODEL: model }),
  advice: ({ origin, key, model }) => [
    {
      en: 'These lines belong into .env.local of your copy, or into the environment of its container (--file writes them).',
      zh: '这些行放进您部署目录的 .env.local，或容器的环境变量（--file 会写好）。',
    },
    {
      en: `In its settings page instead: Endpoint ${origin} (without /v1), API key ${key}, Custom model ${model}. Then the browser calls by itself: add the page's address to allowed_origins in moongate.yaml.`,
      zh: `也可在设置页填写：接口地址 ${origin}（不带 /v1），API Key ${key}，自定义模型 ${model}。此时由浏览器直接调用，需把页面地址加入 moongate.yaml 的 allowed_origins。`,
    },
  ],
};
