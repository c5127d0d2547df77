import { type Clock, systemClock } from '../../clock.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Phrase } from '../language.ts';
import { assertLetIn } from './let-in.ts';
import { Probe } from './probe.ts';
import type { SharedName } from './shared-exchanges.ts';
import { differs, type Verdict, type VerifyCheck } from './verify-check.ts';

export interface Result {
  readonly check: VerifyCheck;
  readonly verdict: Verdict;
  readonly ms: number;
}

export interface VerifyReport {
  readonly endpoint: Phrase;
  readonly model: string;
  /** moongate answers there: then what Kimi is known for counts as a defect, too. */
  readonly isGateway: boolean;
  readonly at: string;
  readonly requests: number;
  readonly results: readonly Result[];
}

export interface Verification {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly served: string;
  readonly stranger: Endpoint | undefined;
  readonly checks: readonly VerifyCheck[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Called before each check. */
  readonly onCheck?: (check: VerifyCheck, index: number) => void;
}

/** How many requests the checks make if nothing has to be repeated. */
export function costOf(checks: readonly VerifyCheck[]): number {
  const shared = new Set<SharedName>(checks.flatMap(({ uses }) => uses ?? []));
  // The first of all shows whether the key is good for anything.
  shared.add('whole');
  return shared.size + checks.reduce((sum, { requests }) => sum + (requests ?? 0), 0);
}

/** One after the other. Throws if the endpoint does not let us in, or when the signal is aborted. */
export async function runChecks(verification: Verification): Promise<VerifyReport> {
  const { endpoint, model, served, stranger, checks, timeoutMs, signal, clock = systemClock } = verification;
  let requests = 0;
  const onRequest = () => {
    requests++;
  };
  const probe = new Probe({ endpoint, model, served, stranger, timeoutMs, signal, clock, onRequest });
  const first = await probe.shared('whole');
  assertLetIn(endpoint, first);
  const results: Result[] = [];
  for (const [index, check] of checks.entries()) {
    verification.onCheck?.(check, index);
    const from = clock.ticks();
    results.push({ check, verdict: await verdictOn(check, probe, signal), ms: Math.round(clock.ticks() - from) });
  }
  const isGateway = first.headers.has('x-moongate-model');
  const at = new Date(clock.now()).toISOString();
  return { endpoint: endpoint.label, model, isGateway, at, requests, results };
}

async function verdictOn(check: VerifyCheck, probe: Probe, signal: AbortSignal): Promise<Verdict> {
  try {
    return await check.run(probe);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
    return differs(isTimeout ? 'no answer in time' : cause instanceof Error ? cause.message : String(cause));
  }
}

/** How a result counts: what Kimi is known for is no defect of an endpoint that is Kimi. */
export type Outcome = 'conforms' | 'differs' | 'known' | 'skipped';

export function outcomeOf({ check, verdict }: Result, { isGateway }: Pick<VerifyReport, 'isGateway'>): Outcome {
  if (verdict.is !== 'differs') return verdict.is;
  return check.kind === 'dialect' && !isGateway ? 'known' : 'differs';
}

export function tally(report: VerifyReport): Readonly<Record<Outcome, number>> {
  const counts = { conforms: 0, differs: 0, known: 0, skipped: 0 };
  for (const result of report.results) counts[outcomeOf(result, report)]++;
  return counts;
}
