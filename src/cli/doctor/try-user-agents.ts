import { systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/index.ts';
import { VERSION } from '../../version.ts';
import { EXIT, type Terminal, textOption, UsageError } from '../command.ts';
import { phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';
import { agreed } from './agreed.ts';
import { plannedTrials, RISK, readVersions, type TrialOutcome, verdictOf } from './user-agents.ts';

/** `moongate doctor --user-agents`. */
export async function tryUserAgents(terminal: Terminal, values: Readonly<Record<string, unknown>>): Promise<number> {
  const versions = readVersions(textOption(values, 'userAgents') ?? '');
  if (versions === undefined)
    throw new UsageError({
      en: '--user-agents takes versions such as 1.5,1.6.',
      zh: '--user-agents 的取值是版本号，例如 1.5,1.6。',
    });
  const { stdout, stderr, language } = terminal;
  const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
  const trials = plannedTrials(versions);
  stderr.write(`${phrase(RISK, language)}\n`);
  if (values['yes'] !== true && !(await agreed(terminal))) return EXIT.failed;
  const { tryFaces } = await import('../../runtime/face-trials.ts');
  const trying = { en: 'trying the faces…', zh: '正在尝试各协议面…' };
  const results = await whileWaiting(terminal, trying, () => tryFaces(config, trials, systemClock));
  const outcomes: readonly TrialOutcome[] = trials.map((trial, at) => {
    const error = results[at];
    return error ? { trial, refusal: { code: error.code, message: error.message } } : { trial };
  });
  const verdict = verdictOf(outcomes);
  if (values['json'] === true) {
    const why = phrase(verdict.why, 'en');
    stdout.write(`${JSON.stringify({ trials: outcomes, settings: verdict.settings ?? null, why }, null, 2)}\n`);
    return verdict.settings ? EXIT.ok : EXIT.failed;
  }
  for (const { trial, refusal } of outcomes) {
    const name = trial.version === undefined ? `moongate/${VERSION}` : `KimiCLI/${trial.version}`;
    stdout.write(
      `${trial.face.padEnd(9)}  ${name.padEnd(16)}  ${refusal ? `${refusal.code}: ${refusal.message}` : 'ok'}\n`,
    );
  }
  stdout.write(`\n${phrase(verdict.why, language)}\n`);
  return verdict.settings ? EXIT.ok : EXIT.failed;
}
