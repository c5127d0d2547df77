import type { RequestRepair, Rule } from '../rule.ts';
import { capBeyondWindow } from '../rules/cap-beyond-window.ts';
import { capTooSmall } from '../rules/cap-too-small.ts';
import { foreignMembers } from '../rules/foreign-members.ts';
import { reasoningEffort } from '../rules/reasoning-effort.ts';
import { reasoningRestored } from '../rules/reasoning-restored.ts';
import { responseSchema } from '../rules/response-schema.ts';
import { samplingFixed } from '../rules/sampling-fixed.ts';
import { toolSchema } from '../rules/tool-schema.ts';
import { raisedCap } from './cap.ts';
import { statedEffort } from './effort.ts';
import { knownMembers } from './known-members.ts';
import { restoredThinking } from './restored-thinking.ts';
import { fixedSampling } from './sampling.ts';
import { formatSchema, inputSchemas } from './schemas.ts';
import { serverTools } from './server-tools.ts';

/** The same difference, repaired on a request in Anthropic's shape. Its answers need nothing. */
function onMessages({ id, title, why, source, seen, when }: Rule, request: RequestRepair): Rule {
  return { id, title, why, source, seen, when, request };
}

/**
 * What has to be done to a request in Anthropic's shape that passes untranslated onto one of Kimi's Anthropic faces, in
 * order. Rules that have a counterpart in the dialect carry its id, so that `dialect.disabled` turns both off.
 */
export const MESSAGES_RULES: readonly Rule[] = [
  serverTools,
  onMessages(toolSchema, inputSchemas),
  onMessages(responseSchema, formatSchema),
  onMessages(capTooSmall, raisedCap),
  onMessages(reasoningEffort, statedEffort),
  onMessages(reasoningRestored, restoredThinking),
  // The cap has the same name in both shapes.
  ...(capBeyondWindow.request ? [onMessages(capBeyondWindow, capBeyondWindow.request)] : []),
  onMessages(samplingFixed, fixedSampling),
  onMessages(foreignMembers, knownMembers),
];
