import { readJavaScript } from './javascript.ts';
import type { Program } from './program.ts';
import { readPython } from './python.ts';
import type { SourceFile } from './source-file.ts';

export function readProgram(file: SourceFile): Program {
  return file.isPython ? readPython(file) : readJavaScript(file);
}
