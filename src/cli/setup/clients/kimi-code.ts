import type { WantedMap } from '../../edit/wanted.ts';
import type { Client } from '../client.ts';
import { offeredModel } from '../offered-models.ts';

export const kimiCode: Client = {
  id: 'kimi-code',
  title: 'Kimi Code CLI',
  protocol: 'chat',
  model: 'kimi',
  source: 'npm @moonshot-ai/kimi-code 2.1.0, its schema and run 2026-11',
  file: { format: 'toml', folder: '.kimi-code', variable: 'KIMI_CODE_HOME', names: ['config.toml'] },
  settings: ({ base, key, model }) => ({
    default_model: `moongate/${model}`,
    providers: { moongate: { type: 'kimi', base_url: base, api_key: key } },
    models: Object.fromEntries([...new Set([model, 'kimi', 'k25'])].map((name) => [`moongate/${name}`, entry(name)])),
  }),
  modelSettings: ({ model }) => ({
    default_model: `moongate/${model}`,
    models: { [`moongate/${model}`]: entry(model) },
  }),
  advice: () => [{ en: 'Try it: kimi -p "Say hello".', zh: '试一试：kimi -p "Say hello"。' }],
};

function entry(name: string): WantedMap {
  const { title, facts, context } = offeredModel(name);
  return {
    provider: 'moongate',
    model: name,
    max_context_size: context,
    display_name: `${title}, moongate`,
    capabilities: [
      ...(facts.thinking === 'none' ? [] : ['thinking']),
      ...(facts.input.includes('image') ? ['image_in'] : []),
    ],
  };
}
