export { ACTIONS, type Action, actionOf, blameOf } from './actions.ts';
export { findRefusal, REFUSALS, refusalById } from './find-refusal.ts';
export { inLanguage } from './in-language.ts';
export type { Refusal, RefusalPlace } from './refusal.ts';
