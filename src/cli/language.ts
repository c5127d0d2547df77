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

function langOption(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  if (at < 0) return undefined;
  const word = argv[at] ?? '';
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : argv[at + 1];
}
