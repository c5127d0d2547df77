import type { Client } from '../client.ts';

export const aider: Client = {
  id: 'aider',
  title: 'Aider',
  protocol: 'chat',
  model: 'kimi',
  source: "Aider's options (aider/args.py) and sample .aider.conf.yml, read 2026-11; not run here",
  file: { format: 'yaml', folder: '.', names: ['.aider.conf.yml'] },
  settings: ({ base, key, model }) => ({
    model: `openai/${model}`,
    'weak-model': `openai/${model}`,
    'openai-api-base': base,
    'openai-api-key': key,
    'show-model-warnings': false,
  }),
  modelSettings: ({ model }) => ({ model: `openai/${model}`, 'weak-model': `openai/${model}` }),
  advice: () => [
    { en: 'A .aider.conf.yml in a project wins over this one.', zh: '项目中的 .aider.conf.yml 优先于此文件。' },
  ],
};
