import { phrase } from '../../language.ts';
import { outcomeOf, tally, type VerifyReport } from '../run-checks.ts';

/** For a program; always in English. */
export function jsonReport(report: VerifyReport): string {
  const { endpoint, model, isGateway, at, requests, results } = report;
  const checks = results.map((result) => {
    const { check, verdict, ms } = result;
    return {
      check: check.id,
      group: check.group,
      kind: check.kind,
      outcome: outcomeOf(result, report),
      title: phrase(check.title, 'en'),
      ...(verdict.is === 'differs' ? { seen: phrase(verdict.seen, 'en'), means: phrase(check.meaning, 'en') } : {}),
      ...(verdict.is === 'skipped' ? { reason: phrase(verdict.reason, 'en') } : {}),
      ms,
    };
  });
  return `${JSON.stringify({ endpoint: phrase(endpoint, 'en'), model, moongate: isGateway, at, requests, summary: tally(report), checks }, null, 2)}\n`;
}
