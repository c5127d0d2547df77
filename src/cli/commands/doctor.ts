import { createInterface } from 'node:readline/promises';
import { systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/index.ts';
import { VERSION } from '../../version.ts';
import { CONFIG_OPTIONS, type Command, EXIT, type Terminal, textOption, UsageError } from '../command.ts';
import { plannedTrials, RISK, readVersions, type TrialOutcome, verdictOf } from '../doctor/user-agents.ts';
import { phrase } from '../language.ts';

export const doctor: Command = {
  details: {
    en: 'With --user-agents it finds out how Kimi Code lets this gateway in: under its own name on each of the two faces, and as the KimiCLI versions that you name, if any. It states the risk and asks first.',
    zh: '使用 --user-agents 可检查 Kimi Code 如何放行本网关：先以自己的名称尝试两个协议面，再尝试您指定的 KimiCLI 版本。执行前会说明风险并询问。',
  },
  options: [
    {
      flags: '--user-agents [versions]',
      summary: {
        en: 'try the faces of Kimi Code, and these versions of KimiCLI, comma separated',
        zh: '尝试 Kimi Code 的两个协议面，以及这些 KimiCLI 版本（逗号分隔）',
      },
    },
    { flags: '--yes', summary: { en: 'do not ask', zh: '不再询问' } },
    { flags: '--json', summary: { en: 'print JSON', zh: '输出 JSON' } },
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate doctor --user-agents', what: { en: 'the honest ways only', zh: '只尝试诚实的方式' } },
    {
      line: 'moongate doctor --user-agents 1.5,1.6',
      what: { en: 'and two versions of KimiCLI', zh: '另加两个 KimiCLI 版本' },
    },
  ],
  async run(terminal, values) {
    if (values['userAgents'] === undefined) {
      throw new UsageError('doctor needs to be told what to look at: --user-agents.');
    }
    const versions = readVersions(textOption(values, 'userAgents') ?? '');
    if (versions === undefined) throw new UsageError('--user-agents takes versions such as 1.5,1.6.');
    return userAgents(terminal, values, versions);
  },
};

async function userAgents(
  terminal: Terminal,
  values: Readonly<Record<string, unknown>>,
  versions: readonly string[],
): Promise<number> {
  const { stdout, stderr, language } = terminal;
  const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
  const trials = plannedTrials(versions);
  stderr.write(`${phrase(RISK, language)}\n`);
  if (values['yes'] !== true && !(await agreed(terminal))) return EXIT.failed;
  const { tryFaces } = await import('../../runtime/face-trials.ts');
  const results = await tryFaces(config, trials, systemClock);
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

async function agreed({ stdin, stderr, language }: Terminal): Promise<boolean> {
  if (stdin.isTTY !== true) throw new UsageError('There is no terminal to ask at; --yes says that you know the risk.');
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(phrase({ en: 'Go on? [y/N] ', zh: '继续吗？[y/N] ' }, language));
    return /^(y|yes|是|好)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
