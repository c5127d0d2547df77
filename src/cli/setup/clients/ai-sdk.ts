import type { Client } from '../client.ts';

export const aiSdk: Client = {
  id: 'ai-sdk',
  title: 'AI SDK',
  protocol: 'chat',
  model: 'k25',
  source: 'npm ai 7 with @ai-sdk/openai-compatible 3, run in this repository',
  snippet: ({ base, key, model }) =>
    [
      "import { createOpenAICompatible } from '@ai-sdk/openai-compatible';",
      "import { generateText } from 'ai';",
      '',
      `const moongate = createOpenAICompatible({ name: 'moongate', baseURL: '${base}', apiKey: '${key}' });`,
      `const { text } = await generateText({ model: moongate('${model}'), prompt: 'Hello, Kimi' });`,
      'console.log(text);',
    ].join('\n'),
  advice: () => [
    {
      en: 'createMoonshotAI and createOpenAI take the same baseURL; createAnthropic takes it too, with /v1.',
      zh: 'createMoonshotAI 和 createOpenAI 用同样的 baseURL；createAnthropic 也是，同样带 /v1。',
    },
  ],
};
