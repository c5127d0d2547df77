interface Pattern {
  readonly matches: RegExp;
  readonly isNegated: boolean;
  readonly isFolder: boolean;
}

/** The patterns of one .gitignore file, which hold for what lies beneath it. */
export class GitIgnore {
  readonly #patterns: readonly Pattern[];

  constructor(text: string) {
    this.#patterns = text.split(/\r?\n/).flatMap(toPattern);
  }

  /** `path` is relative to the folder of the file, with slashes. Undefined: this file says nothing about it. */
  verdict(path: string, isFolder: boolean): boolean | undefined {
    const last = this.#patterns.findLast((pattern) => (isFolder || !pattern.isFolder) && pattern.matches.test(path));
    return last === undefined ? undefined : !last.isNegated;
  }
}

function toPattern(line: string): Pattern[] {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return [];
  const isNegated = trimmed.startsWith('!');
  const body = isNegated ? trimmed.slice(1) : trimmed;
  const isFolder = body.endsWith('/');
  const path = body.replace(/\/$/, '');
  // With a slash in it the pattern begins at the folder of the file, without one it is a name at any depth.
  const start = path.includes('/') ? '^' : '(?:^|/)';
  try {
    return [{ matches: new RegExp(`${start}${globSource(path.replace(/^\//, ''))}$`), isNegated, isFolder }];
  } catch {
    return []; // a broken range in brackets
  }
}

function globSource(glob: string): string {
  return glob.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[[^\]]*\]|[.+^${}()|\\[\]]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '/**') return '/.*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.startsWith('[') && token.length > 1 ? token.replace(/^\[!/, '[^') : `\\${token}`;
  });
}
