import type { Client } from '../client.ts';
import { offeredModel } from '../offered-models.ts';

export const rooCode: Client = {
  id: 'roo-code',
  title: 'Roo Code',
  protocol: 'chat',
  model: 'kimi',
  source: 'npm @roo-code/types 1.115.0, its schema of provider profiles, 2026-11; not run (an editor extension)',
  file: { format: 'json', names: [] },
  settings: ({ base, key, model }) => {
    const { facts, context, maxOutput } = offeredModel(model);
    return {
      providerProfiles: {
        currentApiConfigName: 'moongate',
        apiConfigs: {
          moongate: {
            id: 'moongate',
            apiProvider: 'openai',
            openAiBaseUrl: base,
            openAiApiKey: key,
            openAiModelId: model,
            openAiStreamingEnabled: true,
            openAiCustomModelInfo: {
              maxTokens: maxOutput,
              contextWindow: context,
              supportsImages: facts.input.includes('image'),
              supportsPromptCache: true,
            },
          },
        },
      },
    };
  },
  modelSettings: ({ model }) => ({ providerProfiles: { apiConfigs: { moongate: { openAiModelId: model } } } }),
  advice: () => [
    {
      en: 'Save this as a file (--file roo.json writes it) and import it: Settings → About → Import.',
      zh: '存成文件（--file roo.json 会写好），再导入：Settings → About → Import。',
    },
  ],
};
