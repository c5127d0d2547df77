import type { Client } from '../client.ts';

export const langchain: Client = {
  id: 'langchain',
  title: 'LangChain',
  protocol: 'chat',
  model: 'k25',
  source: 'npm @langchain/openai 1.6, run in this repository',
  snippet: ({ base, key, model }) => `import { ChatOpenAI } from '@langchain/openai';

const chat = new ChatOpenAI({
  model: '${model}',
  apiKey: '${key}',
  configuration: { baseURL: '${base}' },
});
const answer = await chat.invoke('Hello, Kimi');
console.log(answer.text);`,
  advice: () => [
    {
      en: `In Python: ChatOpenAI(model=…, api_key=…, base_url=…) of langchain_openai.`,
      zh: '在 Python 里：langchain_openai 的 ChatOpenAI(model=…, api_key=…, base_url=…)。',
    },
  ],
};
