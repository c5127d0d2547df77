import { readFileSync } from 'node:fs';
import { type Terminal, textOption, UsageError } from '../command.ts';

type Values = Readonly<Record<string, unknown>>;

/** As much as a cookie of a browser can hold, many times over. */
const INPUT_LIMIT = 64 * 1024;

/** The keys that the command line gives, by --key, --key-file or --key-stdin. */
export async function givenKeys(values: Values, stdin: () => Terminal['stdin']): Promise<readonly string[]> {
  const direct = values['key'];
  const listed = Array.isArray(direct) ? direct.filter((key): key is string => typeof key === 'string') : [];
  const file = textOption(values, 'keyFile');
  const fromFile = file === undefined ? [] : apart(readKeyFile(file));
  const piped = values['keyStdin'] === true ? apart(await readAll(stdin())) : [];
  return [...listed.flatMap(apart), ...fromFile, ...piped];
}

/** One a line, or with commas between them; a cookie is one whatever it holds. */
function apart(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => (/kimi-auth=/.test(line) ? [line] : line.split(/[,，]/)));
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new UsageError({
      en: `--key-file ${path} cannot be read (${why}).`,
      zh: `无法读取 --key-file ${path}（${why}）。`,
    });
  }
}

async function readAll(stdin: Terminal['stdin']): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > INPUT_LIMIT) {
      throw new UsageError({
        en: `--key-stdin takes at most ${INPUT_LIMIT} bytes.`,
        zh: `--key-stdin 最多读取 ${INPUT_LIMIT} 字节。`,
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
