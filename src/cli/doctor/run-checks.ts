import { GatewayError } from '../../errors.ts';
import type { Phrase } from '../language.ts';
import { type DoctorCheck, type Finding, failed, GROUPS, type Group, skipped } from './doctor-check.ts';
import type { Examination } from './examination.ts';

export interface Result {
  readonly check: DoctorCheck;
  readonly findings: readonly Finding[];
  readonly ms: number;
}

export interface Watcher {
  /** A check has begun. */
  begun(check: DoctorCheck): void;
  /** All checks of a group have ended. */
  ended(group: Group, results: readonly Result[]): void;
}

/**
 * Group after group. Within a group the checks run at once, but for those that send requests: small accounts allow one
 * at a time. Throws when the examination is stopped.
 */
export async function runChecks(
  checks: readonly DoctorCheck[],
  examination: Examination,
  watcher: Watcher,
): Promise<readonly Result[]> {
  const all: Result[] = [];
  for (const group of GROUPS) {
    const own = checks.filter((check) => check.group === group);
    if (own.length === 0) continue;
    const results =
      group === 'answers' ? await inTurn(own, examination, watcher) : await atOnce(own, examination, watcher);
    watcher.ended(group, results);
    all.push(...results);
  }
  return all;
}

function atOnce(checks: readonly DoctorCheck[], examination: Examination, watcher: Watcher) {
  return Promise.all(checks.map((check) => runOne(check, examination, watcher)));
}

async function inTurn(checks: readonly DoctorCheck[], examination: Examination, watcher: Watcher) {
  const results: Result[] = [];
  for (const check of checks) results.push(await runOne(check, examination, watcher));
  return results;
}

async function runOne(check: DoctorCheck, examination: Examination, watcher: Watcher): Promise<Result> {
  const { clock, signal } = examination.options;
  signal.throwIfAborted();
  watcher.begun(check);
  const from = clock.ticks();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const findings = await Promise.race([findingsOf(check, examination), stopped]);
    return { check, findings, ms: Math.round(clock.ticks() - from) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function findingsOf(check: DoctorCheck, examination: Examination): Promise<readonly Finding[]> {
  const reason = reasonToSkip(check, examination);
  if (reason !== undefined) return [skipped(reason)];
  try {
    const findings = await check.run(examination);
    return findings.length > 0 ? findings : [skipped(NOTHING)];
  } catch (thrown) {
    examination.options.signal.throwIfAborted();
    const error = GatewayError.from(thrown);
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return [failed({ en: `The check itself failed: ${why}`, zh: `检查自身出错：${why}` }, { code: error.code })];
  }
}

const NOTHING: Phrase = { en: 'there is nothing to look at', zh: '没有可检查的对象' };

function reasonToSkip(check: DoctorCheck, { loaded, options, maySpend }: Examination): Phrase | undefined {
  if (options.isOffline && check.group !== 'here') return { en: '--offline', zh: '--offline' };
  if (loaded === undefined && check.needsNothing !== true) {
    return { en: 'the configuration is not valid', zh: '配置无效' };
  }
  if (check.group === 'answers' && !maySpend) {
    return { en: 'it costs; --yes agrees', zh: '会产生用量；用 --yes 同意' };
  }
  return undefined;
}
