import type { Client } from '../client.ts';

export const claudeCode: Client = {
  id: 'claude-code',
  title: 'Claude Code',
  protocol: 'messages',
  model: 'kimi',
  source: 'npm @anthropic-ai/claude-code 2.1.197, run 2026-11',
  file: { format: 'json', folder: '.claude', variable: 'CLAUDE_CONFIG_DIR', names: ['settings.json'] },
  settings: (gateway) => ({
    env: {
      ANTHROPIC_BASE_URL: gateway.origin,
      ANTHROPIC_AUTH_TOKEN: gateway.key,
      ANTHROPIC_MODEL: gateway.model,
      ANTHROPIC_SMALL_FAST_MODEL: gateway.model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
  }),
  modelSettings: ({ model }) => ({ env: { ANTHROPIC_MODEL: model, ANTHROPIC_SMALL_FAST_MODEL: model } }),
  advice: () => [
    {
      en: 'Variables of the same names in your shell win over this file; a running session has to be started anew.',
      zh: '终端里的同名环境变量优先于此文件；正在运行的会话需要重新启动。',
    },
  ],
};
