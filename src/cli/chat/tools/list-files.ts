import { stat } from 'node:fs/promises';
import { filesBelow } from './folder-walk.ts';
import { insideFolder } from './inside-folder.ts';
import { type LocalTool, textArgument } from './local-tool.ts';

const SHOWN = 500;

export const listFilesTool: LocalTool = {
  name: 'list_files',
  summary: { en: 'list the files of a folder', zh: '列出目录中的文件' },
  description: `Lists the files below a folder, at most ${SHOWN}.`,
  parameters: { path: { type: 'string', description: 'Folder below the current one. Default: the current one.' } },
  async run(args, folder) {
    const root = await insideFolder(folder, textArgument(args, 'path', '.'));
    if (!(await stat(root)).isDirectory()) throw new Error('This is not a folder.');
    const paths: string[] = [];
    for await (const path of filesBelow(root)) {
      if (paths.length === SHOWN) return [...paths, '… and more'].join('\n');
      paths.push(path);
    }
    return paths.join('\n') || 'There are no files.';
  },
};
