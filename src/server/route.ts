import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { State } from '../state.ts';

/** What every route may use. */
export interface RouteContext {
  readonly runtime: Runtime;
  /** The database and what replicas share. */
  readonly state: State;
  readonly clock: Clock;
  readonly responses: KeptResponses;
  readonly log: Log;
  /** The answers come from the simulator. */
  readonly simulated: boolean;
  readonly startedAt: number;
  readonly stopping: boolean;
  /** The name of the inbound key; `local` where none is needed. Set when the caller is admitted. */
  owner: string;
}
