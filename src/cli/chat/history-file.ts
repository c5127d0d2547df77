import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const HISTORY_LIMIT = 500;

/** The typed lines of earlier chats, newest first, as readline wants them. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-HISTORY_LIMIT)
      .reverse();
  } catch {
    return []; // none yet, or not ours to read: a chat works without
  }
}

/** Only its owner may read it: it holds what was asked. A failure is not worth a word in the middle of a chat. */
export function writeHistory(file: string, newestFirst: readonly string[]): void {
  const lines = newestFirst.slice(0, HISTORY_LIMIT).reverse();
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // A read-only folder: the history lives as long as the chat.
  }
}
