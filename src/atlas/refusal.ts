import type { ErrorCode } from '../errors.ts';
import type { Action } from './actions.ts';

/** The same sentence for people of two languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** The kinds of surfaces, as `Surface.kind` has them. */
export type RefusalPlace = 'platform' | 'coding' | 'web' | 'compatible';

/** With whom a refusal lies. `organisation`: everything that shares one account's limits; `account`: the one key or log-in. */
export type Blame = 'request' | 'account' | 'organisation' | 'engine' | 'client';

/** One way in which a surface refuses: how it is recognised, what it means, and what is done about it. */
export interface Refusal {
  readonly id: string;
  readonly on: readonly RefusalPlace[];
  /** HTTP statuses with which it comes; left out where the identifier alone tells. */
  readonly status?: readonly number[];
  /**
   * The identifier: `error.type`, or `error_type` and the reason on the web; an expression where only the family is known.
   * Beside a sentence it is told and not compared: the faces give the same sentence different ones.
   */
  readonly type?: string | RegExp;
  /** The code of the Connect protocol. */
  readonly code?: string;
  /** The sentence, for what structure leaves open: narrow, and compared only within its status. */
  readonly says?: RegExp;
  /** As it was observed; the first one documents the row. */
  readonly observed: readonly string[];
  readonly means: ErrorCode;
  readonly blame: Blame;
  readonly action: Action;
  /** The pause where the surface names none, milliseconds. */
  readonly waitMs?: number;
  readonly cause: Words;
  /** What the reader can do; sent as `hint`. */
  readonly advice?: Words;
  readonly source: string;
  /** Recognised by nothing but its status: what was said is new, and is captured. */
  readonly guessed?: true;
}

/** What a surface said when it refused, as far as it said it. */
export interface Said {
  readonly place?: RefusalPlace | undefined;
  readonly status?: number | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}
