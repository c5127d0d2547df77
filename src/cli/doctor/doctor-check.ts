import type { ErrorCode } from '../../errors.ts';
import type { Phrase } from '../language.ts';
import type { Examination } from './examination.ts';

/** The parts of an examination, in order: each looks at more of the world than the one before. */
export const GROUPS = ['here', 'network', 'accounts', 'answers'] as const;
export type Group = (typeof GROUPS)[number];

/** One thing that can stand in the way. */
export interface DoctorCheck {
  readonly id: string;
  /** `here` asks nobody beyond this machine; `answers` sends requests that count against a quota or a balance. */
  readonly group: Group;
  /** What is done. */
  readonly title: Phrase;
  /** It can be done although the configuration is not valid. */
  readonly needsNothing?: true;
  /** Throws only when the examination is stopped; everything else is a finding. */
  run(examination: Examination): Promise<readonly Finding[]>;
}

export const OUTCOMES = ['ok', 'warning', 'failed', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What was seen, and what to do. */
export interface Finding {
  readonly outcome: Outcome;
  /** The surface, credential, host or file that it is about. */
  readonly about?: Phrase;
  readonly seen: Phrase;
  readonly advice?: Phrase;
  /** Where a call failed: the code of the error table, and the row of the atlas that knows the refusal. */
  readonly code?: ErrorCode;
  readonly refusal?: string;
}

type More = Omit<Finding, 'outcome' | 'seen'>;

export const ok = (seen: Phrase, more: More = {}): Finding => ({ outcome: 'ok', seen, ...more });
export const warning = (seen: Phrase, more: More = {}): Finding => ({ outcome: 'warning', seen, ...more });
export const failed = (seen: Phrase, more: More = {}): Finding => ({ outcome: 'failed', seen, ...more });
export const skipped = (seen: Phrase, more: More = {}): Finding => ({ outcome: 'skipped', seen, ...more });

/** The worst of several; a check that found nothing was skipped. */
export function worstOf(findings: readonly Finding[]): Outcome {
  const order: readonly Outcome[] = ['failed', 'warning', 'ok'];
  return order.find((outcome) => findings.some((finding) => finding.outcome === outcome)) ?? 'skipped';
}
