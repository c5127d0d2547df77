import type { Client } from '../client.ts';

export const openWebui: Client = {
  id: 'open-webui',
  title: 'Open WebUI',
  protocol: 'chat',
  model: 'k25',
  source: "Open WebUI's documentation of its environment (docs.openwebui.com); not run here",
  file: { format: 'env', names: [] },
  settings: ({ base, key, model }) => ({
    OPENAI_API_BASE_URL: base,
    OPENAI_API_KEY: key,
    DEFAULT_MODELS: model,
    ENABLE_OLLAMA_API: 'false',
  }),
  modelSettings: ({ model }) => ({ DEFAULT_MODELS: model }),
  advice: ({ base, key, origin }) => [
    {
      en: 'These lines belong into the environment of Open WebUI (--file writes them). They count at its first start; later: Admin Panel → Settings → Connections.',
      zh: '这些行放进 Open WebUI 的环境变量（--file 会写好）。只在首次启动时生效；之后请在 管理员面板 → 设置 → 外部连接 中修改。',
    },
    {
      en: `From a container, ${new URL(origin).hostname} is the container itself: use host.docker.internal, and let moongate listen there with keys. Connection: ${base}, key ${key}.`,
      zh: `在容器里 ${new URL(origin).hostname} 指容器自己：请改用 host.docker.internal，并让 moongate 监听该地址且配置 keys。连接：${base}，密钥 ${key}。`,
    },
  ],
};
