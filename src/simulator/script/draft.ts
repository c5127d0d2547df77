import type { Reset } from '../faults.ts';
import type { Refusal } from '../refusal.ts';

/** A run of text. A whole one is never cut into pieces. */
export interface Segment {
  readonly kind: 'reasoning' | 'content';
  readonly text: string;
  readonly whole?: boolean;
}

export interface DraftCall {
  readonly name: string;
  readonly arguments: string;
  /** Instead of the native id. */
  readonly id?: string;
}

/** How calls are cut into pieces in a stream, and what of them is left out. */
export type CallForm = 'native' | 'repeated' | 'without-index' | 'nameless';

export type UsagePlace = 'top' | 'choice' | 'both' | 'none';

/** What a reply will be, before caps and stop strings: what is said, and what goes wrong on the way. */
export interface Draft {
  segments: Segment[];
  calls: DraftCall[];
  /** The id of the next call that is scripted. */
  nextId?: string;
  finish?: string;
  failure?: Refusal | Reset;
  delayMs: number;
  pauseMs?: number;
  /** Each counts the pieces after the role chunk; `Infinity` = after the last piece, before the closing chunk. */
  stallAfter?: number;
  cutAfter?: number;
  endAfter?: number;
  errorChunk?: { readonly type: string; readonly message: string };
  noDone: boolean;
  heartbeat: boolean;
  crlf: boolean;
  badJson: boolean;
  splitBytes?: number;
  reasoningKey: string;
  usagePlace: UsagePlace;
  callForm: CallForm;
  /** The usage tells of cached tokens at its top only. */
  bareUsage: boolean;
  usage?: { readonly prompt: number; readonly completion: number; readonly cached: number };
}

export function emptyDraft(): Draft {
  return {
    segments: [],
    calls: [],
    delayMs: 0,
    noDone: false,
    heartbeat: false,
    crlf: false,
    badJson: false,
    reasoningKey: 'reasoning_content',
    usagePlace: 'choice',
    callForm: 'native',
    bareUsage: false,
  };
}
