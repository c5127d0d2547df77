/** The languages in which the command line speaks. Machine output, keys and codes are the same in all. */
export type Language = 'en' | 'zh';

/** A sentence in every language. Whatever this program says of its own is one. */
export type Bilingual = Readonly<Record<Language, string>>;

/** Words for people, in each language. A plain string is the same in both: a name, a path, a command. */
export type Phrase = string | Bilingual;

export function phrase(words: Phrase, language: Language): string {
  return typeof words === 'string' ? words : words[language];
}

/** `--lang`, else the locale in the order in which POSIX reads its variables; English for every other language. */
export function chooseLanguage(argv: readonly string[], locale: string | undefined): Language {
  return /^zh(?:[-_.@]|$)/i.test(langOption(argv) ?? locale ?? '') ? 'zh' : 'en';
}

/** It may stand before the command as well as behind it, but not behind `--`. */
function langPlace(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).findIndex((word) => /^--lang(?:=|$)/.test(word));
}

function langOption(argv: readonly string[]): string | undefined {
  const at = langPlace(argv);
  if (at < 0) return undefined;
  const word = argv[at] ?? '';
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : argv[at + 1];
}

/** What `--lang` asks for and this program does not speak; undefined: it was not asked, or speaks it. */
export function unknownLanguage(argv: readonly string[]): string | undefined {
  const asked = langOption(argv);
  return asked === undefined || /^(?:en|zh)(?:[-_.@]|$)/i.test(asked) ? undefined : asked;
}

export function withoutLanguage(argv: readonly string[]): readonly string[] {
  const at = langPlace(argv);
  if (at < 0) return argv;
  const isOneWord = argv[at]?.includes('=') === true;
  // Without a value it is left to the parser, which says so.
  if (!isOneWord && argv[at + 1] === undefined) return argv;
  return argv.toSpliced(at, isOneWord ? 1 : 2);
}
