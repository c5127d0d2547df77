import { currentTimeTool } from './current-time.ts';
import { listFilesTool } from './list-files.ts';
import type { LocalTool } from './local-tool.ts';
import { readFileTool } from './read-file.ts';
import { searchFilesTool } from './search-files.ts';

/** Nothing here writes, runs a program or uses the network. */
export const LOCAL_TOOLS: readonly LocalTool[] = [listFilesTool, readFileTool, searchFilesTool, currentTimeTool];
