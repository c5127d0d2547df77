import { systemClock } from '../../clock.ts';
import { headings } from '../columns.ts';
import { EXIT, numberOption, type Terminal, textOption, UsageError } from '../command.ts';
import { phrase } from '../language.ts';
import { progressOf } from '../progress.ts';
import { table } from '../table.ts';
import { agreed } from './agreed.ts';
import { DOCTOR_CHECKS } from './checks/index.ts';
import { type DoctorCheck, GROUPS } from './doctor-check.ts';
import { Examination } from './examination.ts';
import { countOf, jsonReport } from './report/json.ts';
import { groupText, type Mask, summaryText } from './report/text.ts';
import { type Result, runChecks } from './run-checks.ts';
import { TRIAL_TOKENS } from './trial.ts';

type Values = Readonly<Record<string, unknown>>;

const DEFAULT_TIMEOUT = '60';

/** `moongate doctor`. Resolves with the exit code. */
export async function examine(terminal: Terminal, values: Values): Promise<number> {
  const checks = checksFor(textOption(values, 'only'));
  if (values['list'] === true) {
    terminal.stdout.write(listOf(checks, terminal));
    return EXIT.ok;
  }
  const seconds = numberOption(textOption(values, 'timeout') ?? DEFAULT_TIMEOUT, '--timeout', {
    least: 1,
    most: 3_600,
  });
  const abort = new AbortController();
  const stop = () => abort.abort(new Error('stopped'));
  process.once('SIGINT', stop);
  const options = {
    file: textOption(values, 'config'),
    data: textOption(values, 'data'),
    isOffline: values['offline'] === true,
    model: textOption(values, 'model'),
    timeoutMs: seconds * 1_000,
    clock: systemClock,
    signal: abort.signal,
  };
  const examination = new Examination(options);
  try {
    examination.maySpend = await maySpend(checks, examination, terminal, values);
    const results = await watched(checks, examination, terminal, values['json'] === true);
    return countOf(results).failed > 0 ? EXIT.failed : EXIT.ok;
  } catch (cause) {
    if (!abort.signal.aborted) throw cause;
    terminal.stderr.write(`${phrase({ en: 'Stopped.', zh: '已停止。' }, terminal.language)}\n`);
    return EXIT.failed;
  } finally {
    process.off('SIGINT', stop);
    await examination.close();
  }
}

async function watched(
  checks: readonly DoctorCheck[],
  examination: Examination,
  terminal: Terminal,
  isJson: boolean,
): Promise<readonly Result[]> {
  const { clock } = examination.options;
  const mask: Mask = (text) =>
    examination.secrets.reduce((left, { value, mask: shown }) => left.replaceAll(value, shown), text);
  const progress = progressOf(terminal);
  let begun = 0;
  try {
    const results = await runChecks(checks, examination, {
      begun: ({ id }) => progress.show(`${++begun}/${checks.length} ${id}`),
      ended(group, own) {
        progress.end();
        if (!isJson) terminal.stdout.write(groupText(group, own, terminal, mask));
      },
    });
    terminal.stdout.write(isJson ? jsonReport(results, clock.now(), mask) : summaryText(results, terminal));
    return results;
  } finally {
    progress.end();
  }
}

/** Tells the cost first. Where nobody can be asked, what costs is left out, and the report says so. */
async function maySpend(
  checks: readonly DoctorCheck[],
  examination: Examination,
  terminal: Terminal,
  values: Values,
): Promise<boolean> {
  const trials = checks.filter(({ group }) => group === 'answers').length;
  if (trials === 0 || examination.options.isOffline) return false;
  const held = await examination.held();
  const isAsked = (id: string) =>
    !held.some(({ surface }) => surface === id) ||
    examination.credentials.some((one) => one.surface === id && !held.includes(one));
  const names = examination.surfaces.map(({ id }) => id).filter(isAsked);
  if (names.length === 0) return true; // nothing will be sent
  const count = trials * names.length;
  const cost = {
    en: `${count} of the checks’ requests count against a quota or a balance: ${trials} small ones to each of ${names.join(', ')}, with at most ${TRIAL_TOKENS} tokens of answer each.`,
    zh: `其中 ${count} 个请求会计入额度或余额：向 ${names.join('、')} 各发送 ${trials} 个小请求，每个回答最多 ${TRIAL_TOKENS} 个 token。`,
  };
  terminal.stderr.write(`${phrase(cost, terminal.language)}\n`);
  if (values['yes'] === true) return true;
  if (terminal.stdin.isTTY === true && terminal.stderr.isTTY === true) return agreed(terminal);
  const left = { en: 'They are left out; --yes agrees.', zh: '已跳过；用 --yes 同意。' };
  terminal.stderr.write(`${phrase(left, terminal.language)}\n`);
  return false;
}

function checksFor(only: string | undefined): readonly DoctorCheck[] {
  if (only === undefined) return DOCTOR_CHECKS;
  const names = only.split(',').map((name) => name.trim());
  for (const name of names) {
    const isKnown = DOCTOR_CHECKS.some(({ id }) => id === name) || GROUPS.some((group) => group === name);
    if (isKnown) continue;
    throw new UsageError({
      en: `--only: there is no check or group "${name}"; --list shows them.`,
      zh: `--only：没有名为“${name}”的检查或分组；用 --list 查看。`,
    });
  }
  return DOCTOR_CHECKS.filter(({ id, group }) => names.includes(id) || names.includes(group));
}

function listOf(checks: readonly DoctorCheck[], { language }: Terminal): string {
  const rows = checks.map(({ id, group, title }) => [id, group, phrase(title, language)]);
  return table(headings(['CHECK', 'GROUP', 'WHAT'], language), rows);
}
