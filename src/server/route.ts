import type { Clock } from '../clock.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { LimitState } from '../keys/call-limits.ts';
import type { InboundKey } from '../keys/inbound-key.ts';
import type { Keys } from '../keys/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import type { LogTail } from '../log-tail.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { State } from '../state.ts';
import type { Permit } from './permit.ts';
import type { Recording } from './recording.ts';

/** What every route may use. */
export interface RouteContext {
  readonly runtime: Runtime;
  /** The database and what replicas share. */
  readonly state: State;
  readonly ledger: Ledger;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly responses: KeptResponses;
  readonly log: Log;
  /** The last lines of the log, where they are kept. */
  readonly logs: LogTail | undefined;
  /** The answers come from the simulator. */
  readonly simulated: boolean;
  readonly startedAt: number;
  readonly stopping: boolean;
  /** The name of the inbound key; `local` where none is needed. Set when the caller is admitted. */
  owner: string;
  /** The inbound key, where it has rules. */
  key: InboundKey | undefined;
  /** What the key was allowed for the call that is being answered. */
  permit: Permit | undefined;
  /** How the limits of the key stand, for the headers. */
  limits: readonly LimitState[] | undefined;
  /** The ledger's name of the protocol; undefined for requests that are no calls of a model. */
  protocol: string | undefined;
  /** The model that the client named, once that is read. */
  asked: string | undefined;
  /** `clock.ticks()` when the answer left the routes: a whole one, or the first event of a stream. */
  answeredAt: number;
  /** What is said, where the owner stores that. */
  readonly recording: Recording | undefined;
}
