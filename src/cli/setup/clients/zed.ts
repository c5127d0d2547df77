import { Entries } from '../../edit/wanted.ts';
import type { Client } from '../client.ts';
import { type OfferedModel, offeredModel, offeredModels } from '../offered-models.ts';

export const zed: Client = {
  id: 'zed',
  title: 'Zed',
  protocol: 'chat',
  model: 'kimi',
  source:
    "Zed's documentation (zed.dev/docs/ai/llm-providers) and its settings types (settings_content/src/language_model.rs), read 2026-11; not run here",
  file: { format: 'json5', folder: '.config', variable: 'XDG_CONFIG_HOME', inside: 'zed', names: ['settings.json'] },
  settings: ({ base, model }) => ({
    language_models: {
      openai_compatible: {
        Moongate: {
          api_url: base,
          available_models: new Entries('name', offeredModels(model, 'kimi', 'k25').map(entry)),
        },
      },
    },
    agent: { default_model: { provider: 'Moongate', model } },
  }),
  modelSettings: ({ model }) => ({
    language_models: {
      openai_compatible: { Moongate: { available_models: new Entries('name', [entry(offeredModel(model))]) } },
    },
    agent: { default_model: { provider: 'Moongate', model } },
  }),
  advice: ({ key }) => [
    {
      en: `Zed keeps keys out of this file: set MOONGATE_API_KEY=${key} before it starts, or enter the key under Agent → Settings → Moongate.`,
      zh: `Zed 不在此文件中保存密钥：启动前设置 MOONGATE_API_KEY=${key}，或在 Agent → Settings → Moongate 中填写。`,
    },
  ],
};

function entry({ id, title, facts, context, maxOutput }: OfferedModel) {
  return {
    name: id,
    display_name: title,
    max_tokens: context,
    max_output_tokens: maxOutput,
    capabilities: {
      tools: true,
      images: facts.input.includes('image'),
      parallel_tool_calls: true,
      prompt_cache_key: true,
      // Kimi wants its thinking back in a member of its own, not as text.
      interleaved_reasoning: facts.thinking !== 'none',
    },
  };
}
