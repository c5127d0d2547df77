import type { Command as Program } from 'commander';
import { type Language, phrase } from './language.ts';
import { textWidth } from './text-width.ts';

/** The words that commander has of its own, which it knows in English alone. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

/** Its complaints, as commander 15 words them. */
const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  [/unknown command '(.*)'/, '没有命令“$1”'],
  [/unknown option '(.*)'/, '没有选项“$1”'],
  [/missing required argument '(.*)'/, '缺少参数“$1”'],
  [/option '(.*)' argument missing/, '选项“$1”缺少取值'],
  [
    /too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)(?:: .*)?\./,
    '参数过多：需要 $2 个，给出了 $3 个',
  ],
  [/\(Did you mean one of (.*)\?\)/, '（是否想输入其中之一：$1？）'],
  [/\(Did you mean (.*)\?\)/, '（是否想输入 $1？）'],
];

/** A program that speaks the language of its reader. */
export function inLanguage(program: Program, language: Language): Program {
  const say = (en: string, zh: string) => phrase({ en, zh }, language);
  program.helpOption('-h, --help', say('show this help', '显示帮助'));
  program.configureHelp({
    displayWidth: textWidth,
    ...(language === 'zh'
      ? { styleTitle: (title: string) => TITLES[title] ?? title, boxWrap: (text: string) => text }
      : {}),
  });
  return program;
}

/** For a program that has commands: to any other `help` is a word like every other. */
export function addHelpCommand(program: Program, language: Language): void {
  program.helpCommand('help [command]', phrase({ en: 'show the help of a command', zh: '显示命令的帮助' }, language));
}

/** `error: unknown command 'x'` as every other failure of this program looks. */
export function complaint(text: string, language: Language): string {
  const plain = text.replace(/^error: /, 'moongate: ');
  if (language === 'en') return plain;
  return COMPLAINTS.reduce((words, [english, chinese]) => words.replace(english, chinese), plain);
}
