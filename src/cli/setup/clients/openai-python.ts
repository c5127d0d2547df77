import type { Client } from '../client.ts';

export const openaiPython: Client = {
  id: 'openai-python',
  title: 'openai (Python)',
  protocol: 'chat',
  model: 'k25',
  source: 'PyPI openai 3.22.1, run 2026-11',
  file: { format: 'env', names: [] },
  settings: ({ base, key }) => ({ OPENAI_BASE_URL: base, OPENAI_API_KEY: key }),
  snippet: ({ base, key, model }) => `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello, Kimi"}],
)
print(answer.choices[0].message.content)`,
  advice: () => [
    {
      en: 'OpenAI() without arguments reads OPENAI_BASE_URL and OPENAI_API_KEY; --file .env writes those.',
      zh: 'OpenAI() 不带参数时读取 OPENAI_BASE_URL 和 OPENAI_API_KEY；--file .env 会写好它们。',
    },
  ],
};
