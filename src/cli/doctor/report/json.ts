import { VERSION } from '../../../version.ts';
import { phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import { type Finding, type Outcome, worstOf } from '../doctor-check.ts';
import type { Result } from '../run-checks.ts';
import type { Mask } from './text.ts';

/** How many checks ended how. */
export function countOf(results: readonly Result[]): Readonly<Record<Outcome, number>> {
  const counts = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { findings } of results) counts[worstOf(findings)]++;
  return counts;
}

/** For a program; always in English. docs/doctor.md describes it. */
export function jsonReport(results: readonly Result[], at: number, mask: Mask): string {
  const say = (text: string) => plainText(mask(text));
  const checks = results.map(({ check, findings, ms }) => ({
    check: check.id,
    group: check.group,
    outcome: worstOf(findings),
    did: phrase(check.title, 'en'),
    ms,
    findings: findings.map(({ outcome, about, seen, advice, code, refusal }: Finding) => ({
      outcome,
      about: about === undefined ? null : say(phrase(about, 'en')),
      seen: say(phrase(seen, 'en')),
      advice: advice === undefined ? null : say(phrase(advice, 'en')),
      code: code ?? null,
      refusal: refusal ?? null,
    })),
  }));
  const counts = countOf(results);
  const report = { version: VERSION, at: new Date(at).toISOString(), ok: counts.failed === 0, counts, checks };
  return `${JSON.stringify(report, null, 2)}\n`;
}
