import { join, relative } from 'node:path';
import { filesBelow } from './folder-walk.ts';
import { insideFolder } from './inside-folder.ts';
import { type LocalTool, textArgument } from './local-tool.ts';
import { readText } from './read-file.ts';

const FOUND = 100;
const LINE = 240;
/** A walk over a large tree ends here. */
const FILES = 2_000;

export const searchFilesTool: LocalTool = {
  name: 'search_files',
  summary: { en: 'find a text in the files of a folder', zh: '在目录的文件中查找文字' },
  description: `Finds the lines that have a text, in capitals or not, in the text files below a folder; at most ${FOUND}.`,
  parameters: {
    text: { type: 'string', description: 'The text to find; not a pattern.', required: true },
    path: { type: 'string', description: 'Folder below the current one. Default: the current one.' },
  },
  async run(args, folder) {
    const wanted = textArgument(args, 'text', '').toLowerCase();
    if (wanted === '') throw new Error('`text` is missing.');
    const root = await insideFolder(folder, textArgument(args, 'path', '.'));
    const found: string[] = [];
    let files = 0;
    for await (const path of filesBelow(root)) {
      if (++files > FILES || found.length >= FOUND) return [...found, '… the search ended early'].join('\n');
      // What is too large or no text has nothing to be found.
      const text = await readText(root, path).catch(() => '');
      const shown = relative(folder, join(root, path));
      found.push(...linesWith(text, wanted).map((line) => `${shown}:${line}`));
    }
    return found.slice(0, FOUND).join('\n') || 'Nothing was found.';
  },
};

function linesWith(text: string, wanted: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [`${index + 1}: ${line.slice(0, LINE)}`] : []));
}
