import { createInterface } from 'node:readline';
import { MutableOutput } from '../chat/mutable-output.ts';
import { type Terminal, UsageError } from '../command.ts';
import { phrase } from '../language.ts';

/** A secret from standard input: typed without being shown, or piped in. Never from the command line, which others see. */
export async function readSecret({ stdin, stderr, language }: Terminal): Promise<string> {
  const isTyped = stdin.isTTY === true;
  const output = isTyped ? new MutableOutput(stderr) : undefined;
  const lines = createInterface({ input: stdin, ...(output ? { output, terminal: true } : {}) });
  if (output) {
    stderr.write(phrase({ en: 'Paste the key or token, then Enter: ', zh: '请粘贴密钥或令牌后回车：' }, language));
    output.isMuted = true;
  }
  try {
    for await (const line of lines) if (line.trim() !== '') return line.trim();
  } finally {
    lines.close();
    if (isTyped) stderr.write('\n');
  }
  throw new UsageError({ en: 'There was no secret on standard input.', zh: '标准输入中没有密钥。' });
}
