import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The tests of the command line drive what is delivered: dist/cli.js, built anew if a source is younger. */
export function setup(): void {
  const built = join(ROOT, 'dist/cli.js');
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (builtAt > newest(join(ROOT, 'src'))) return;
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: 'inherit' });
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
