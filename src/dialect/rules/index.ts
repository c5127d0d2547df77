import type { Rule } from '../rule.ts';
import { answerArguments } from './answer-arguments.ts';
import { cachedTokensPlace } from './cached-tokens-place.ts';
import { developerRole } from './developer-role.ts';
import { emptyChoices } from './empty-choices.ts';
import { foreignMembers } from './foreign-members.ts';
import { functionsToTools } from './functions-to-tools.ts';
import { leakedToolCalls } from './leaked-tool-calls.ts';
import { responseSchema } from './response-schema.ts';
import { samplingFixed } from './sampling-fixed.ts';
import { samplingRange } from './sampling-range.ts';
import { toolCallPieces } from './tool-call-pieces.ts';
import { toolChoice } from './tool-choice.ts';
import { toolChoiceWords } from './tool-choice-words.ts';
import { toolCount } from './tool-count.ts';
import { toolNames } from './tool-names.ts';
import { toolSchema } from './tool-schema.ts';
import { usagePerChoice } from './usage-per-choice.ts';

/** The dialect at a glance, in the order in which the rules are applied. */
export const RULES: readonly Rule[] = [
  // The request.
  functionsToTools,
  developerRole,
  // Tools.
  toolChoiceWords,
  toolCount,
  toolNames,
  toolSchema,
  responseSchema,
  toolChoice,
  leakedToolCalls,
  toolCallPieces,
  answerArguments,
  // Sampling: behind the tools, because a forced call may stop a model's thinking.
  samplingFixed,
  samplingRange,
  foreignMembers,
  // The answer.
  usagePerChoice,
  cachedTokensPlace,
  emptyChoices,
];
