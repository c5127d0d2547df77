import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { environmentVariable } from '../../config/index.ts';
import { textOption } from '../command.ts';
import type { ClientFile } from './client.ts';

type Values = Readonly<Record<string, unknown>>;

/** The home folder, or what stands for it in a trial: then the variables that move clients' folders do not count. */
export function homeOf(values: Values): { readonly home: string; readonly isReal: boolean } {
  const named = textOption(values, 'home');
  return named === undefined ? { home: homedir(), isReal: true } : { home: resolve(named), isReal: false };
}

/** Where a client's file lies; undefined where only its owner knows. */
export function pathOf({ folder, variable, inside = '', names }: ClientFile, values: Values): string | undefined {
  const named = textOption(values, 'file');
  if (named !== undefined) return resolve(named);
  if (folder === undefined) return undefined;
  const { home, isReal } = homeOf(values);
  const moved = isReal && variable !== undefined ? environmentVariable(variable) : undefined;
  const base = join(moved ?? join(home, folder), inside);
  const candidates = names.map((name) => join(base, name));
  return candidates.find((path) => existsSync(path)) ?? candidates[0];
}
