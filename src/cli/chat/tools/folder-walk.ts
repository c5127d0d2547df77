import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { mayHoldSecrets } from './inside-folder.ts';

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'build', 'target', '__pycache__', '.venv']);
/** A walk ends after so many entries, whatever is below. */
const ENTRIES = 20_000;

/** The files below a folder by their paths in it, without links, secrets and what programs have made. */
export async function* filesBelow(root: string, depth = 20): AsyncGenerator<string> {
  const left = { entries: ENTRIES };
  for await (const path of walk(root, depth, left)) yield relative(root, path);
}

async function* walk(folder: string, depth: number, left: { entries: number }): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return; // not ours to read
  }
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    if (left.entries-- <= 0) return;
    if (mayHoldSecrets(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth > 0 && !SKIPPED.has(entry.name)) yield* walk(path, depth - 1, left);
  }
}
