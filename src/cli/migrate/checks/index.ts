import type { Check } from '../check.ts';
import { apiKey } from './api-key.ts';
import { baseUrl } from './base-url.ts';
import { capTooSmall } from './cap-too-small.ts';
import { choiceUsage } from './choice-usage.ts';
import { developerRole } from './developer-role.ts';
import { emptyChoices } from './empty-choices.ts';
import { foreignMembers } from './foreign-members.ts';
import { functionAnswer, functions } from './functions.ts';
import { hardCodedKey } from './hard-coded-key.ts';
import { missingEndpoint } from './missing-endpoint.ts';
import { foreignModel, retiredModel } from './model-name.ts';
import { nullContent } from './null-content.ts';
import { publicImage } from './public-image.ts';
import { reasoningDropped } from './reasoning-dropped.ts';
import { samplingFixed } from './sampling-fixed.ts';
import { nLowTemperature, severalChoices } from './several-choices.ts';
import { stopSequences } from './stop-sequences.ts';
import { temperatureRange } from './temperature-range.ts';
import { thinkingWords } from './thinking-words.ts';
import { toolChoice } from './tool-choice.ts';
import { toolName, toolSchema } from './tool-declaration.ts';

/** In the order of the migration guide's checklist. */
export const CHECKS: readonly Check[] = [
  baseUrl,
  apiKey,
  hardCodedKey,
  foreignModel,
  retiredModel,
  temperatureRange,
  samplingFixed,
  nLowTemperature,
  severalChoices,
  functions,
  functionAnswer,
  toolChoice,
  toolName,
  toolSchema,
  choiceUsage,
  emptyChoices,
  nullContent,
  reasoningDropped,
  thinkingWords,
  capTooSmall,
  developerRole,
  foreignMembers,
  stopSequences,
  publicImage,
  missingEndpoint,
];
