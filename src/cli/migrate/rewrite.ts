import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { fixed, type Settings } from './analyse.ts';
import { withMaskedKeys } from './checks/hard-coded-key.ts';
import { SourceFile } from './syntax/source-file.ts';

/** The file as it is after the rewrite, which is written unless it is only to be shown. */
export function rewrite(file: SourceFile, settings: Settings, folder: string | undefined): SourceFile {
  const text = fixed(file, settings);
  if (text === file.text) return file;
  if (folder !== undefined) writeFileSync(resolve(folder, file.path), text);
  return new SourceFile(file.path, text, file.language);
}

/** What a rewrite would change. A key that is taken out is not shown by it. */
export function difference(before: SourceFile, after: SourceFile): string {
  const patch = createTwoFilesPatch(`a/${before.path}`, `b/${after.path}`, before.text, after.text);
  return withMaskedKeys(patch.replace(/^=+\n/, ''));
}
