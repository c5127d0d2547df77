import type { Check, Found } from './check.ts';
import { readOpenAiCode } from './code/openai-code.ts';
import { applyEdits } from './edit.ts';
import type { Finding } from './finding.ts';
import { Ignores, ignoresFile } from './ignore-comments.ts';
import { readProgram } from './syntax/read-program.ts';
import { SourceFile } from './syntax/source-file.ts';

export interface Settings {
  readonly checks: readonly Check[];
  /** The base address that fixes write. */
  readonly baseUrl: string;
}

/** A file without any of these has nothing to do with the API, and is not parsed. */
const CONCERNED = /openai|deepseek|chat[./]completions|ChatCompletion|['"`]sk-|moonshot|kimi/i;

export function analyse(file: SourceFile, { checks, baseUrl }: Settings): readonly Finding[] {
  if (!CONCERNED.test(file.text) || ignoresFile(file.text)) return [];
  const program = readProgram(file);
  const code = readOpenAiCode(program, baseUrl);
  const ignores = new Ignores(program);
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const check of checks) {
    for (const found of check.find(code)) {
      const finding = toFinding(file, check, found);
      const place = `${check.id} ${found.from}`;
      if (seen.has(place) || ignores.has(finding)) continue;
      seen.add(place);
      findings.push(finding);
    }
  }
  return findings.sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
}

function toFinding(file: SourceFile, check: Check, { from, to, what, edits }: Found): Finding {
  return { check, path: file.path, start: file.position(from), end: file.position(to), what, edits };
}

/** One rewrite may make room for the next, at the same place for example. */
const PASSES = 20;

/** The text after every safe rewrite; a second run over it changes nothing. */
export function fixed(file: SourceFile, settings: Settings): string {
  let current = file;
  for (let pass = 0; pass < PASSES; pass++) {
    const groups = analyse(current, settings).flatMap(({ edits }) => (edits === undefined ? [] : [edits]));
    if (groups.length === 0) break;
    current = new SourceFile(file.path, applyEdits(current.text, groups), file.language);
  }
  return current.text;
}
