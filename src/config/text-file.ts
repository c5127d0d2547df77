import { readFileSync } from 'node:fs';
import { configInvalid } from './problem.ts';

/** The text of a file, or undefined where there is none. */
export function readTextFile(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw configInvalid([{ where: path, path: [], message: `cannot be read (${code})` }], error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // PowerShell's `>` writes UTF-16, which would otherwise show up as a file full of unknown keys.
    throw configInvalid([{ where: path, path: [], message: 'is not UTF-8 text; save it again as UTF-8' }], error);
  }
}
