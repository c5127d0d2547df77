import type { Client } from '../client.ts';

export const lobechat: Client = {
  id: 'lobechat',
  title: 'LobeChat',
  protocol: 'chat',
  model: 'k25',
  source: 'npm @lobehub/chat 1.143.3, its environment; its model runtime was run 2026-11',
  file: { format: 'env', names: [] },
  settings: ({ base, key, model }) => ({
    OPENAI_PROXY_URL: base,
    OPENAI_API_KEY: key,
    OPENAI_MODEL_LIST: ['-all', ...[...new Set([model, 'k25', 'kimi'])].map((name) => `+${name}`)].join(','),
  }),
  advice: ({ base, key }) => [
    {
      en: 'These lines belong into .env of your copy, or into the environment of its container (--file writes them).',
      zh: '这些行放进您部署目录的 .env，或容器的环境变量（--file 会写好）。',
    },
    {
      en: `In its settings instead: provider OpenAI, API proxy URL ${base}, API key ${key}.`,
      zh: `也可在设置里填写：服务商 OpenAI，API 代理地址 ${base}，API Key ${key}。`,
    },
  ],
};
