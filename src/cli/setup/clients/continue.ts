import { Entries, IfAbsent } from '../../edit/wanted.ts';
import type { Client } from '../client.ts';
import { offeredModel } from '../offered-models.ts';

export const continueDev: Client = {
  id: 'continue',
  title: 'Continue',
  protocol: 'chat',
  model: 'kimi',
  source: 'npm @continuedev/cli 1.5.47, run 2026-11; schema of @continuedev/config-yaml 1.42.0',
  file: { format: 'yaml', folder: '.continue', variable: 'CONTINUE_GLOBAL_DIR', names: ['config.yaml'] },
  settings: ({ base, key, model }) => {
    const { context, maxOutput } = offeredModel(model);
    return {
      name: new IfAbsent('Local Config'),
      version: new IfAbsent('1.0.0'),
      schema: new IfAbsent('v1'),
      models: new Entries('name', [
        {
          name: 'Kimi (moongate)',
          provider: 'openai',
          model,
          apiBase: base,
          apiKey: key,
          roles: ['chat', 'edit', 'apply'],
          capabilities: ['tool_use', 'image_input'],
          defaultCompletionOptions: { contextLength: context, maxTokens: maxOutput },
        },
      ]),
    };
  },
  modelSettings: ({ model }) => ({ models: new Entries('name', [{ name: 'Kimi (moongate)', model }]) }),
  advice: () => [
    {
      en: 'Try it: cn -p "Say hello". In the editor choose "Kimi (moongate)".',
      zh: '试一试：cn -p "Say hello"。在编辑器里选择 “Kimi (moongate)”。',
    },
  ],
};
