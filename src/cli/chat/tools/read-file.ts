import { open } from 'node:fs/promises';
import { insideFolder } from './inside-folder.ts';
import { countArgument, type LocalTool, textArgument } from './local-tool.ts';

/** A file beyond this is no text that somebody reads in a chat. */
const FILE_LIMIT = 4 * 1024 * 1024;
const LINES = 400;
const CHARACTERS = 64 * 1024;

export const readFileTool: LocalTool = {
  name: 'read_file',
  summary: { en: 'read a text file', zh: '读取文本文件' },
  description: `Reads a text file below the current folder: at most ${LINES} lines from first_line on, with their numbers.`,
  parameters: {
    path: { type: 'string', description: 'Path below the current folder.', required: true },
    first_line: { type: 'integer', description: 'The first line to read, from 1. Default: 1.' },
  },
  async run(args, folder) {
    const path = textArgument(args, 'path', '');
    const lines = (await readText(folder, path)).split('\n');
    const first = countArgument(args, 'first_line', 1);
    const shown = lines.slice(first - 1, first - 1 + LINES).map((line, index) => `${first + index}\t${line}`);
    const rest = lines.length - (first - 1 + LINES);
    const more = rest > 0 ? `\n… ${rest} more lines` : '';
    return `${shown.join('\n').slice(0, CHARACTERS)}${more}`;
  },
};

/** A text file of the folder. Throws, with a sentence for the model. */
export async function readText(folder: string, path: string): Promise<string> {
  const file = await open(await insideFolder(folder, path));
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path} is not a file.`);
    if (stat.size > FILE_LIMIT) throw new Error(`${path} is larger than ${FILE_LIMIT} bytes.`);
    const bytes = await file.readFile();
    if (bytes.includes(0)) throw new Error(`${path} is not a text file.`);
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}
