import { fitsPattern } from './name-pattern.ts';

/** How strong the model is that somebody means by a name, in the words that Claude's users know. */
export const TIERS = ['opus', 'sonnet', 'haiku'] as const;
export type Tier = (typeof TIERS)[number];

/** Names that other vendors' clients have built in, and the models that stand for them, in order of preference. */
export interface ForeignFamily {
  /** `*` stands for any text. */
  readonly pattern: string;
  /** `model_tiers` of the configuration goes before `models`. */
  readonly tier: Tier;
  readonly models: readonly string[];
  readonly source: string;
}

const STRONG = ['k3.1-pro', 'kimi-k3.1-pro', 'k3', 'kimi-k3', 'kimi-for-coding', 'kimi-k2.7-code', 'kimi-k2.6'];
const CODE = ['kimi-for-coding', 'kimi-k2.7-code', 'kimi-k3.1-pro', 'kimi-k2.6'];
// The coding subscription is paid for already; on the platform the plain model is the cheapest.
const SMALL = ['kimi-for-coding', 'kimi-k2.6', 'kimi-k2.7-code', 'kimi-k3.1-pro'];
const GENERAL = ['kimi-k2.6', 'kimi-k3.1-pro', 'kimi-k3', 'kimi-for-coding'];

const CLAUDE = "docs.claude.com, models overview; npm @anthropic-ai/claude-code 2.1.197's own names";
const OPENAI = 'platform.openai.com/docs/models; npm @openai/codex 0.169.0 (codex-*, gpt-*-codex)';
const GEMINI = 'ai.google.dev/gemini-api/docs/models';

/** The first row that fits a name counts. Tried when neither a surface nor an alias knows the name. */
export const FOREIGN_FAMILIES: readonly ForeignFamily[] = [
  { pattern: 'claude-*opus*', tier: 'opus', models: STRONG, source: CLAUDE },
  { pattern: 'claude-*haiku*', tier: 'haiku', models: SMALL, source: CLAUDE },
  { pattern: 'claude-instant*', tier: 'haiku', models: SMALL, source: CLAUDE },
  { pattern: 'claude-*', tier: 'sonnet', models: CODE, source: CLAUDE },
  { pattern: 'opus*', tier: 'opus', models: STRONG, source: CLAUDE },
  { pattern: 'sonnet*', tier: 'sonnet', models: CODE, source: CLAUDE },
  { pattern: 'haiku*', tier: 'haiku', models: SMALL, source: CLAUDE },
  { pattern: 'codex-mini*', tier: 'haiku', models: SMALL, source: OPENAI },
  { pattern: 'codex-*', tier: 'sonnet', models: CODE, source: OPENAI },
  { pattern: 'gpt-*codex-mini*', tier: 'haiku', models: SMALL, source: OPENAI },
  { pattern: 'gpt-*codex*', tier: 'sonnet', models: CODE, source: OPENAI },
  { pattern: 'gpt-*-nano*', tier: 'haiku', models: SMALL, source: OPENAI },
  { pattern: 'gpt-*-mini*', tier: 'haiku', models: SMALL, source: OPENAI },
  { pattern: 'gpt-*-pro*', tier: 'opus', models: STRONG, source: OPENAI },
  { pattern: 'gpt-*', tier: 'sonnet', models: GENERAL, source: OPENAI },
  { pattern: 'chatgpt-*', tier: 'sonnet', models: GENERAL, source: OPENAI },
  ...['o1', 'o3', 'o4'].flatMap((name): ForeignFamily[] => [
    { pattern: `${name}-mini*`, tier: 'haiku', models: SMALL, source: OPENAI },
    { pattern: name, tier: 'opus', models: STRONG, source: OPENAI },
    { pattern: `${name}-*`, tier: 'opus', models: STRONG, source: OPENAI },
  ]),
  { pattern: 'gemini-*flash*', tier: 'haiku', models: SMALL, source: GEMINI },
  { pattern: 'gemini-*', tier: 'sonnet', models: GENERAL, source: GEMINI },
];

/** What another vendor's name means; undefined for a name that is nobody's. */
export function familyOf(name: string): ForeignFamily | undefined {
  return FOREIGN_FAMILIES.find(({ pattern }) => fitsPattern(name, pattern));
}
