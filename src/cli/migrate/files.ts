import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Phrase } from '../language.ts';
import type { Skipped } from './finding.ts';
import { GitIgnore } from './gitignore.ts';
import { languageOf, SourceFile } from './syntax/source-file.ts';

/** What belongs to others or was made from the sources. Folders whose name begins with a dot are left out as well. */
const FOREIGN_FOLDERS = new Set(
  [
    'node_modules bower_components jspm_packages vendor vendored third_party site-packages __pycache__ venv env',
    'dist build out target coverage generated __generated__ __snapshots__',
  ].flatMap((line) => line.split(' ')),
);

export const LIMITS = { fileBytes: 1_048_576, files: 20_000 } as const;
/** A file with longer lines than this on the average was written by a program. */
const MEAN_LINE = 300;

const TOO_LARGE: Phrase = {
  en: `larger than ${LIMITS.fileBytes} bytes`,
  zh: `大于 ${LIMITS.fileBytes} 字节`,
};
const NOT_UTF8: Phrase = { en: 'not UTF-8', zh: '不是 UTF-8' };
const MINIFIED: Phrase = { en: 'minified', zh: '已压缩' };
const TOO_MANY: Phrase = {
  en: `more than ${LIMITS.files} files: the rest was not read`,
  zh: `超过 ${LIMITS.files} 个文件：其余未读取`,
};

interface Folder {
  readonly path: string;
  readonly ignores: readonly { readonly base: string; readonly rules: GitIgnore }[];
}

/** The source files beneath some paths, one after the other. Throws if a path is not there. */
export class SourceFiles {
  readonly skipped: Skipped[] = [];
  count = 0;
  readonly #cwd: string;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  *read(paths: readonly string[]): Generator<SourceFile> {
    for (const path of paths) {
      const full = resolve(this.#cwd, path);
      if (statSync(full).isDirectory()) yield* this.#folder({ path: full, ignores: [] });
      else yield* this.#file(full);
      if (this.count >= LIMITS.files) return;
    }
  }

  /** Names in one order on every system; links are not followed, so that no folder is read twice. */
  *#folder({ path, ignores }: Folder): Generator<SourceFile> {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const own = entries.some(({ name }) => name === '.gitignore') ? [rulesAt(path)] : [];
    const all = [...ignores, ...own];
    for (const entry of entries) {
      const full = join(path, entry.name);
      if (entry.isDirectory()) {
        const isOurs = !entry.name.startsWith('.') && !FOREIGN_FOLDERS.has(entry.name) && !isIgnored(full, entry, all);
        if (isOurs && !isVirtualEnvironment(full)) yield* this.#folder({ path: full, ignores: all });
      } else if (entry.isFile() && languageOf(entry.name) && !isIgnored(full, entry, all)) yield* this.#file(full);
      if (this.count >= LIMITS.files) return;
    }
  }

  *#file(full: string): Generator<SourceFile> {
    const language = languageOf(full);
    if (language === undefined) return;
    const path = this.#shown(full);
    if (this.count >= LIMITS.files) return;
    if (++this.count >= LIMITS.files) this.skipped.push({ path, reason: TOO_MANY });
    if (statSync(full).size > LIMITS.fileBytes) {
      this.skipped.push({ path, reason: TOO_LARGE });
      return;
    }
    const text = decoded(readFileSync(full));
    if (text === undefined) this.skipped.push({ path, reason: NOT_UTF8 });
    else if (/\.min\.[cm]?js$/.test(basename(full)) || isMinified(text)) this.skipped.push({ path, reason: MINIFIED });
    else yield new SourceFile(path, text, language);
  }

  #shown(full: string): string {
    const path = relative(this.#cwd, full);
    return (path.startsWith('..') ? full : path).split(sep).join('/');
  }
}

/** Undefined for another encoding, which a rewrite would destroy. A byte order mark stays. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const isMinified = (text: string): boolean =>
  text.length > 5_000 && text.length / (text.split('\n').length + 1) > MEAN_LINE;

function rulesAt(path: string): { base: string; rules: GitIgnore } {
  return { base: path, rules: new GitIgnore(readFileSync(join(path, '.gitignore'), 'utf8')) };
}

/** The nearest file that says something about a path wins. */
function isIgnored(full: string, entry: Dirent, ignores: Folder['ignores']): boolean {
  for (const { base, rules } of ignores.toReversed()) {
    const verdict = rules.verdict(relative(base, full).split(sep).join('/'), entry.isDirectory());
    if (verdict !== undefined) return verdict;
  }
  return false;
}

function isVirtualEnvironment(path: string): boolean {
  return statSync(join(path, 'pyvenv.cfg'), { throwIfNoEntry: false }) !== undefined;
}
