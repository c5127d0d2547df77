import { IfAbsent } from '../../edit/wanted.ts';
import type { Client } from '../client.ts';

export const cline: Client = {
  id: 'cline',
  title: 'Cline',
  protocol: 'chat',
  model: 'kimi',
  source: 'npm cline 3.0.65: what `cline auth` writes, run 2026-11',
  file: { format: 'json', folder: '.cline', inside: 'data/settings', names: ['providers.json'] },
  settings: ({ base, key, model }) => ({
    version: new IfAbsent(1),
    lastUsedProvider: 'openai-compatible',
    providers: {
      'openai-compatible': {
        settings: { provider: 'openai-compatible', apiKey: key, model, baseUrl: base },
        // The program writes a date here; which one is not looked at.
        updatedAt: new IfAbsent('2026-01-01T00:00:00.000Z'),
        tokenSource: 'manual',
      },
    },
  }),
  modelSettings: ({ model }) => ({ providers: { 'openai-compatible': { settings: { model } } } }),
  advice: ({ base, key, model }) => [
    {
      en: `The extension keeps its settings elsewhere. There: API Provider "OpenAI Compatible", Base URL ${base}, API Key ${key}, Model ID ${model}.`,
      zh: `编辑器扩展的设置不在此文件中。请在扩展里选择 API Provider “OpenAI Compatible”，Base URL ${base}，API Key ${key}，Model ID ${model}。`,
    },
  ],
};
