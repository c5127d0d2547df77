import { confirm, isCancel } from '@clack/prompts';
import { type Terminal, UsageError } from './command.ts';
import { type Phrase, phrase } from './language.ts';

/** A yes or no at the terminal; --yes says yes. Throws UsageError where nobody can be asked. */
export async function isAgreed(
  terminal: Terminal,
  values: Readonly<Record<string, unknown>>,
  question: Phrase,
): Promise<boolean> {
  if (values['yes'] === true) return true;
  const { stdin, stdout, language } = terminal;
  const say = (words: Phrase) => phrase(words, language);
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UsageError({
      en: 'This is no terminal, so nobody can agree: add --yes.',
      zh: '这里不是终端，无法询问：请加 --yes。',
    });
  }
  const answer = await confirm({
    message: say(question),
    active: say({ en: 'Yes', zh: '是' }),
    inactive: say({ en: 'No', zh: '否' }),
    input: stdin,
    output: stdout,
  });
  return !isCancel(answer) && answer;
}
