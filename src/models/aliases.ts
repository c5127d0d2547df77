/**
 * Names that people and programs use for models, each with the models it stands for in order of preference: the first
 * one that a configured surface can serve is taken. The owner's `aliases` come before these.
 */
export interface Alias {
  readonly name: string;
  readonly models: readonly string[];
  readonly source: string;
}

/** Whoever has the coding subscription alone gets its own model: better than none. */
const GENERAL = ['kimi-k2.6', 'kimi-k3.1-pro', 'kimi-k3', 'kimi-for-coding'];
const CODE = ['kimi-for-coding', 'kimi-k2.7-code', 'kimi-k3.1-pro', 'kimi-k2.6'];
const SEED_MIGRATION = 'migration guide OpenAI to Kimi, model table';
const SEED_SKILL = 'kimi-integration skill for Clawdbot';

export const ALIASES: readonly Alias[] = [
  { name: 'k25', models: GENERAL, source: SEED_SKILL },
  { name: 'kimi', models: CODE, source: SEED_SKILL },
  { name: 'k2', models: GENERAL, source: 'kimi2api, its model list' },
  { name: 'k1.5', models: GENERAL, source: 'kimi2api, its model list' },
  { name: 'k2p5', models: CODE, source: 'Kimi For Coding integration guide; npm openclaw 2026.9.6 rewrites it alike' },
  { name: 'k2p6', models: CODE, source: 'npm openclaw 2026.9.6' },
  { name: 'k2p7', models: CODE, source: 'npm openclaw 2026.9.6' },
  { name: 'kimi-code', models: CODE, source: 'npm openclaw 2026.9.6' },
  { name: 'k3[1m]', models: ['k3', 'kimi-k3'], source: 'npm openclaw 2026.9.6' },
  { name: 'moonlight-v1-32k', models: GENERAL, source: `${SEED_SKILL} (a slip for moonshot-v1-32k there)` },
  { name: 'gpt-4o', models: GENERAL, source: SEED_MIGRATION },
  { name: 'gpt-4', models: GENERAL, source: SEED_MIGRATION },
  { name: 'gpt-3.5-turbo', models: GENERAL, source: `${SEED_MIGRATION}; moonshot-v1-8k is retired` },
  { name: 'deepseek-chat', models: GENERAL, source: `${SEED_MIGRATION}, FAQ` },
];

/** Prefixes that clients put before a slash to name the provider. They carry no meaning for the gateway. */
export const PROVIDER_PREFIXES: readonly string[] = [
  'moonshot',
  'moonshotai',
  'moonshot-ai',
  'moonshot-cn',
  'kimi',
  'kimicode',
  'kimi-code',
  'kimi-coding',
  'moongate',
  'openai',
  'anthropic',
  'google',
  'openrouter',
];
