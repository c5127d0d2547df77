import type { Client } from '../client.ts';

export const openaiNode: Client = {
  id: 'openai-node',
  title: 'openai (Node)',
  protocol: 'chat',
  model: 'k25',
  source: 'npm openai 6.49.0 and 7.57.0, run in this repository',
  file: { format: 'env', names: [] },
  settings: ({ base, key }) => ({ OPENAI_BASE_URL: base, OPENAI_API_KEY: key }),
  snippet: ({ base, key, model }) => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${base}', apiKey: '${key}' });
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello, Kimi' }],
});
console.log(answer.choices[0]?.message.content);`,
  advice: () => [
    {
      en: 'new OpenAI() without arguments reads OPENAI_BASE_URL and OPENAI_API_KEY; --file .env writes those.',
      zh: 'new OpenAI() 不带参数时读取 OPENAI_BASE_URL 和 OPENAI_API_KEY；--file .env 会写好它们。',
    },
  ],
};
