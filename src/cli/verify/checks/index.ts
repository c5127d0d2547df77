import type { VerifyCheck } from '../verify-check.ts';
import { anthropicAnswer } from './anthropic-answer.ts';
import { anthropicError } from './anthropic-error.ts';
import { anthropicStream } from './anthropic-stream.ts';
import { anthropicTool } from './anthropic-tool.ts';
import { contentParts } from './content-parts.ts';
import { developerRole } from './developer-role.ts';
import { errorContext } from './error-context.ts';
import { errorInStream } from './error-in-stream.ts';
import { errorJson } from './error-json.ts';
import { errorKey } from './error-key.ts';
import { errorMessages } from './error-messages.ts';
import { errorPath } from './error-path.ts';
import { foreignMembers } from './foreign-members.ts';
import { functionsLegacy } from './functions-legacy.ts';
import { history } from './history.ts';
import { imageData } from './image-data.ts';
import { jsonObject } from './json-object.ts';
import { jsonSchema } from './json-schema.ts';
import { modelList } from './model-list.ts';
import { modelUnknown } from './model-unknown.ts';
import { nullMembers } from './null-members.ts';
import { outputCap } from './output-cap.ts';
import { reasoningApart } from './reasoning-apart.ts';
import { responsesAnswer } from './responses-answer.ts';
import { responsesStream } from './responses-stream.ts';
import { sampling } from './sampling.ts';
import { sdkHeaders } from './sdk-headers.ts';
import { severalChoices } from './several-choices.ts';
import { stopSequence } from './stop-sequence.ts';
import { stopSequencesMany } from './stop-sequences-many.ts';
import { streamChoiceUsage } from './stream-choice-usage.ts';
import { streamChunks } from './stream-chunks.ts';
import { streamDone } from './stream-done.ts';
import { streamEmptyChoices } from './stream-empty-choices.ts';
import { streamFinish } from './stream-finish.ts';
import { streamReasoningFirst } from './stream-reasoning-first.ts';
import { streamRole } from './stream-role.ts';
import { streamText } from './stream-text.ts';
import { streamType } from './stream-type.ts';
import { streamUsage } from './stream-usage.ts';
import { thinkingOff } from './thinking-off.ts';
import { thinkingShown } from './thinking-shown.ts';
import { toolCall } from './tool-call.ts';
import { toolCallStream } from './tool-call-stream.ts';
import { toolChoiceNamed } from './tool-choice-named.ts';
import { toolChoiceNone } from './tool-choice-none.ts';
import { toolChoiceRequired } from './tool-choice-required.ts';
import { toolEcho } from './tool-echo.ts';
import { toolHistoryPlain } from './tool-history-plain.ts';
import { toolNames } from './tool-names.ts';
import { toolResult } from './tool-result.ts';
import { toolSchemaRich } from './tool-schema-rich.ts';
import { unicodeWhole } from './unicode-whole.ts';
import { usageWhole } from './usage-whole.ts';
import { wholeAnswer } from './whole-answer.ts';

/** In the order in which they run and are shown. */
export const VERIFY_CHECKS: readonly VerifyCheck[] = [
  modelList,
  modelUnknown,
  wholeAnswer,
  usageWhole,
  unicodeWhole,
  reasoningApart,
  thinkingShown,
  streamType,
  streamChunks,
  streamRole,
  streamFinish,
  streamDone,
  streamText,
  streamReasoningFirst,
  streamUsage,
  streamChoiceUsage,
  streamEmptyChoices,
  toolCall,
  toolCallStream,
  toolResult,
  toolEcho,
  toolHistoryPlain,
  toolChoiceNone,
  toolChoiceRequired,
  toolChoiceNamed,
  toolSchemaRich,
  toolNames,
  functionsLegacy,
  sampling,
  severalChoices,
  stopSequence,
  stopSequencesMany,
  outputCap,
  thinkingOff,
  jsonObject,
  jsonSchema,
  foreignMembers,
  nullMembers,
  contentParts,
  developerRole,
  history,
  imageData,
  sdkHeaders,
  errorJson,
  errorMessages,
  errorPath,
  errorInStream,
  errorKey,
  errorContext,
  anthropicAnswer,
  anthropicStream,
  anthropicTool,
  anthropicError,
  responsesAnswer,
  responsesStream,
];
