import type { Rule } from '../rule.ts';
import { answerArguments } from './answer-arguments.ts';
import { blankContent } from './blank-content.ts';
import { cachedTokensPlace } from './cached-tokens-place.ts';
import { capBeyondWindow } from './cap-beyond-window.ts';
import { capName } from './cap-name.ts';
import { capTooSmall } from './cap-too-small.ts';
import { contentParts } from './content-parts.ts';
import { customTools } from './custom-tools.ts';
import { developerRole } from './developer-role.ts';
import { dynamicTools } from './dynamic-tools.ts';
import { emptyChoices } from './empty-choices.ts';
import { emptyMembers } from './empty-members.ts';
import { flatContent } from './flat-content.ts';
import { foreignMembers } from './foreign-members.ts';
import { functionsToTools } from './functions-to-tools.ts';
import { imageFormat } from './image-format.ts';
import { jsonWord } from './json-word.ts';
import { leakedToolCalls } from './leaked-tool-calls.ts';
import { logprobs } from './logprobs.ts';
import { loneSurrogates } from './lone-surrogates.ts';
import { mediaKinds } from './media-kinds.ts';
import { messageShape } from './message-shape.ts';
import { oneChoice } from './one-choice.ts';
import { partialPrefix } from './partial-prefix.ts';
import { publicImages } from './public-images.ts';
import { reasoningEffort } from './reasoning-effort.ts';
import { reasoningInKind } from './reasoning-in-kind.ts';
import { reasoningKeys } from './reasoning-keys.ts';
import { reasoningRemembered } from './reasoning-remembered.ts';
import { reasoningRestored } from './reasoning-restored.ts';
import { responseSchema } from './response-schema.ts';
import { samplingFixed } from './sampling-fixed.ts';
import { samplingRange } from './sampling-range.ts';
import { stopSequences } from './stop-sequences.ts';
import { streamOptions } from './stream-options.ts';
import { thinkingKeep } from './thinking-keep.ts';
import { toolArguments } from './tool-arguments.ts';
import { toolCallPieces } from './tool-call-pieces.ts';
import { toolChoice } from './tool-choice.ts';
import { toolChoiceWords } from './tool-choice-words.ts';
import { toolCount } from './tool-count.ts';
import { toolNames } from './tool-names.ts';
import { toolResultMedia } from './tool-result-media.ts';
import { toolResults } from './tool-results.ts';
import { toolSchema } from './tool-schema.ts';
import { toolValidation } from './tool-validation.ts';
import { usagePerChoice } from './usage-per-choice.ts';
import { userIdentifier } from './user-identifier.ts';

/** The dialect at a glance, in the order in which the rules are applied. */
export const RULES: readonly Rule[] = [
  // The request.
  functionsToTools,
  customTools,
  developerRole,
  dynamicTools,
  // Tools. Before history and sampling, which depend on thinking: a forced call may stop it.
  toolChoiceWords,
  toolCount,
  toolNames,
  toolValidation,
  toolSchema,
  responseSchema,
  toolChoice,
  leakedToolCalls,
  toolCallPieces,
  answerArguments,
  // History, reasoning, sizes. Before sampling, which depends on thinking; what is remembered comes with the answers.
  emptyMembers,
  streamOptions,
  reasoningEffort,
  thinkingKeep,
  capName,
  capTooSmall,
  messageShape,
  reasoningKeys,
  reasoningInKind,
  contentParts,
  mediaKinds,
  publicImages,
  imageFormat,
  partialPrefix,
  blankContent,
  flatContent,
  reasoningRestored,
  toolResults,
  toolArguments,
  toolResultMedia,
  loneSurrogates,
  stopSequences,
  jsonWord,
  logprobs,
  userIdentifier,
  capBeyondWindow,
  // The rest of the request.
  samplingFixed,
  samplingRange,
  oneChoice,
  foreignMembers,
  // The answer.
  usagePerChoice,
  cachedTokensPlace,
  emptyChoices,
  reasoningRemembered,
];
