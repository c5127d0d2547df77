import type { BackgroundRuns } from './background-runs.ts';
import type { ResponseStore } from './response-store.ts';

/** What the gateway has of earlier responses, and what it is still working on. */
export interface KeptResponses {
  readonly store: ResponseStore;
  readonly runs: BackgroundRuns;
}
