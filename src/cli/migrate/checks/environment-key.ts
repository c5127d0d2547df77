import type { Program } from '../syntax/program.ts';

export const KIMI_KEY = 'MOONSHOT_API_KEY';

/** How the language reads the key from the environment; undefined where that would need an import. */
export function environmentKey({ file, root }: Program): string | undefined {
  if (!file.isPython) return `process.env.${KIMI_KEY}`;
  const hasOs = root.bindings.get('os')?.some(({ imported }) => imported?.module === 'os');
  return hasOs ? `os.environ["${KIMI_KEY}"]` : undefined;
}
