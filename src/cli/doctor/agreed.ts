import { createInterface } from 'node:readline/promises';
import { type Terminal, UsageError } from '../command.ts';
import { phrase } from '../language.ts';

/** Asks at the terminal whether to go on. Throws UsageError where there is none. */
export async function agreed({ stdin, stderr, language }: Terminal): Promise<boolean> {
  if (stdin.isTTY !== true)
    throw new UsageError({
      en: 'There is no terminal to ask at; --yes says that you know the risk.',
      zh: '没有终端可供询问；--yes 表示您了解风险。',
    });
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(phrase({ en: 'Go on? [y/N] ', zh: '继续吗？[y/N] ' }, language));
    return /^(y|yes|是|好)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
