import type { Rule } from '../rule.ts';
import { cachedTokensPlace } from './cached-tokens-place.ts';
import { developerRole } from './developer-role.ts';
import { emptyChoices } from './empty-choices.ts';
import { foreignMembers } from './foreign-members.ts';
import { functionsToTools } from './functions-to-tools.ts';
import { oneChoice } from './one-choice.ts';
import { samplingFixed } from './sampling-fixed.ts';
import { samplingRange } from './sampling-range.ts';
import { usagePerChoice } from './usage-per-choice.ts';

/** The dialect at a glance, in the order in which the rules are applied. */
export const RULES: readonly Rule[] = [
  // The request.
  functionsToTools,
  developerRole,
  samplingFixed,
  samplingRange,
  oneChoice,
  foreignMembers,
  // The answer.
  usagePerChoice,
  cachedTokensPlace,
  emptyChoices,
];
