import { IfAbsent, type WantedMap } from '../../edit/wanted.ts';
import type { Client } from '../client.ts';
import { type OfferedModel, offeredModel, offeredModels } from '../offered-models.ts';

export const opencode: Client = {
  id: 'opencode',
  title: 'opencode',
  protocol: 'chat',
  model: 'kimi',
  source: 'npm opencode-ai 1.18.33, run 2026-11',
  file: {
    format: 'json5',
    folder: '.config',
    variable: 'XDG_CONFIG_HOME',
    inside: 'opencode',
    names: ['opencode.json', 'opencode.jsonc'],
  },
  settings: ({ base, key, model }) => ({
    $schema: new IfAbsent('https://opencode.ai/config.json'),
    model: `moongate/${model}`,
    provider: {
      moongate: {
        npm: '@ai-sdk/openai-compatible',
        name: 'moongate',
        options: { baseURL: base, apiKey: key },
        models: modelMap(offeredModels(model, 'kimi', 'k25')),
      },
    },
  }),
  modelSettings: ({ model }) => ({
    model: `moongate/${model}`,
    provider: { moongate: { models: modelMap([offeredModel(model)]) } },
  }),
  advice: () => [
    {
      en: 'Try it: opencode run "Say hello", or choose a model with /models.',
      zh: '试一试：opencode run "Say hello"，或用 /models 选择模型。',
    },
  ],
};

function modelMap(models: readonly OfferedModel[]): WantedMap {
  return Object.fromEntries(
    models.map(({ id, title, facts, context, maxOutput }) => [
      id,
      {
        name: title,
        reasoning: facts.thinking !== 'none',
        tool_call: true,
        limit: { context, output: maxOutput },
      },
    ]),
  );
}
