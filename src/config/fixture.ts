import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { GatewayError } from '../errors.ts';
import { type LoadedConfig, type LoadOptions, loadConfig } from './load.ts';

/** A folder with the given files, gone after the test. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'moongate-config-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** Loads `yaml` as moongate.yaml of an otherwise empty folder with an otherwise empty environment. */
export function load(yaml: string | undefined, options: LoadOptions = {}): LoadedConfig {
  return loadConfig({ env: {}, cwd: folder(yaml === undefined ? {} : { 'moongate.yaml': yaml }), ...options });
}

/** The message with which the call fails. */
export function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'config_invalid') return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
