import type { Finding } from './finding.ts';
import type { Program } from './syntax/program.ts';

const WORD = /\bmoongate-ignore(?!-)\b(?:[ \t]*:?[ \t]*([a-z][a-z0-9-]*(?:[ \t]*,[ \t]*[a-z][a-z0-9-]*)*))?/;
/** A prefix of a file that is long enough for its licence. */
const HEAD = 4_000;

/** `moongate-ignore-file` near the top. */
export const ignoresFile = (text: string): boolean => text.slice(0, HEAD).includes('moongate-ignore-file');

/** `moongate-ignore`, with or without the ids of checks: on the line of the finding, or alone on the one above. */
export class Ignores {
  readonly #lines = new Map<number, readonly string[]>();

  constructor({ file, comments }: Program) {
    for (const comment of comments) {
      const match = WORD.exec(file.slice(comment));
      if (match === null) continue;
      const { line } = file.position(comment.from);
      const isAlone = file.text.slice(file.lineAt(comment.from).from, comment.from).trim() === '';
      const last = file.position(comment.to).line;
      this.#lines.set(isAlone ? last + 1 : line, idsOf(match[1]));
    }
  }

  has({ check, start }: Finding): boolean {
    const ids = this.#lines.get(start.line);
    return ids !== undefined && (ids.length === 0 || ids.includes(check.id));
  }
}

/** What follows the word is ids only if it is one word, or several with commas between them. */
const idsOf = (list: string | undefined): readonly string[] => list?.split(',').map((id) => id.trim()) ?? [];
