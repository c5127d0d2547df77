import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** `path:line check` for every `expect: a, b` in a comment of the fixture; the place is the line of the comment. */
export function expectedFindings(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const ids = /(?:\/\/|#) expect: (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
          return ids.map((id) => `${relative(root, path)}:${index + 1} ${id}`);
        });
    })
    .sort();
}
