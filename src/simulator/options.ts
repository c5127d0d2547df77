import type { AccountSpec } from './accounts/account.ts';
import type { RateLimitTexts } from './accounts/limiter.ts';
import type { WebAccountSpec } from './kimi-web/web-account.ts';
import type { MfjsMode } from './mfjs/validate-mfjs.ts';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: `sk-sim-cn` and `sk-sim-ai`, tier 5. */
  readonly accounts?: readonly AccountSpec[];
  /** Accounts of the web chat. Default: `owner`, with the refresh token `sim-web-refresh-owner`. */
  readonly webAccounts?: readonly WebAccountSpec[];
  /** The clock of limits, cache, files and timestamps, in milliseconds. Waiting itself is in real time. */
  readonly now?: () => number;
  /** Milliseconds between the pieces of a stream; default 0. */
  readonly pace?: number;
  /** Default `lenient-root`: `$schema` may stand at a schema's root. */
  readonly mfjs?: MfjsMode;
  /**
   * What happens to request members outside the vendor's schema; default `ignore`. `refuse` holds a request to the letter of
   * the schema in all else too: parts only in messages of the user, `stream_options` only with a stream.
   */
  readonly unknownMembers?: 'ignore' | 'refuse';
  /** Ids of retired models that this deployment still serves, as private and older ones do; default: none. */
  readonly stillServed?: readonly string[];
  /** Default 300,000 (5 minutes). */
  readonly cacheTtlMs?: number;
  readonly rateLimitTexts?: RateLimitTexts;
  /** Largest body of a request that is no upload; default 64 MiB. The vendor's number is not published. */
  readonly maxBodyBytes?: number;
  /** What an account's files may come to. Default: the vendor's 100 MB each, 1,000 of them, 10 GB in all. */
  readonly files?: Partial<FileLimits>;
  /** How many calls are remembered; default 200. */
  readonly callsKept?: number;
  /** Hears one line a request; default: nobody does. */
  readonly log?: (line: string) => void;
}

export interface FileLimits {
  readonly maxBytes: number;
  readonly maxCount: number;
  readonly maxTotalBytes: number;
}

const MB = 1024 * 1024;

/** Platform docs, files page. */
const FILE_LIMITS: FileLimits = { maxBytes: 100 * MB, maxCount: 1_000, maxTotalBytes: 10_240 * MB };

/** The options with their defaults, as the surfaces see them. */
export interface Settings {
  readonly now: () => number;
  readonly pace: number;
  readonly mfjs: MfjsMode;
  readonly unknownMembers: 'ignore' | 'refuse';
  readonly stillServed: readonly string[];
  readonly maxBodyBytes: number;
  readonly files: FileLimits;
  readonly callsKept: number;
  readonly log: ((line: string) => void) | undefined;
}

export function settingsOf(options: SimulatorOptions): Settings {
  return {
    now: options.now ?? Date.now,
    pace: options.pace ?? 0,
    mfjs: options.mfjs ?? 'lenient-root',
    unknownMembers: options.unknownMembers ?? 'ignore',
    stillServed: options.stillServed ?? [],
    maxBodyBytes: options.maxBodyBytes ?? 64 * 1024 * 1024,
    files: { ...FILE_LIMITS, ...options.files },
    callsKept: options.callsKept ?? 200,
    log: options.log,
  };
}
