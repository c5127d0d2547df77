import { z } from 'zod';
import { text } from './fields.ts';

export const modelTiersSchema = z.strictObject(
  {
    opus: text('The strongest: `claude-*opus*`, `gpt-*-pro`, `o1`, `o3`.').optional(),
    sonnet: text('The usual one: every other `claude-*`, `gpt-*`, `codex-*`, `gemini-*`.').optional(),
    haiku: text('The small one: `claude-*haiku*`, `gpt-*-mini`, `gpt-*-nano`, `o4-mini`, `gemini-*flash*`.').optional(),
  },
  { error: 'must be a map such as { opus: kimi-k3, haiku: kimi-k2.6 }' },
);
