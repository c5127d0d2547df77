import { styleText } from 'node:util';
import { structuredPatch } from 'diff';
import { Secret } from '../../config/secret.ts';
import { type Language, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import type { PlannedEdit } from './planned-edit.ts';

interface Readers {
  readonly stdout: NodeJS.WriteStream;
  readonly language: Language;
}

/** The change as a patch, coloured where the stream shows colours. Secrets appear as their last four characters. */
export function diffText({ file, after }: PlannedEdit, { stdout, language }: Readers): string {
  const before = file.text ?? '';
  const { hunks } = structuredPatch('', '', maskSecrets(before), maskSecrets(after), '', '', { context: 2 });
  const isNew = file.text === undefined;
  const title = isNew ? phrase({ en: `${file.path} (new)`, zh: `${file.path}（新建）` }, language) : file.path;
  const paint = painter(stdout);
  const place = (line: number) => phrase({ en: `line ${line}`, zh: `第 ${line} 行` }, language);
  const lines = hunks.flatMap((hunk) => [
    paint('cyan', `@@ ${place(hunk.newStart)} @@`),
    ...hunk.lines.map((line) => colour(plainText(line), paint)),
  ]);
  return `${[paint('bold', title), ...lines].join('\n')}\n`;
}

type Paint = (format: 'bold' | 'green' | 'red' | 'cyan', text: string) => string;

const painter =
  (stream: NodeJS.WriteStream): Paint =>
  (format, text) =>
    styleText(format, text, { stream });

function colour(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
}

/** A patch as `git` reads it; at a terminal in colours, and without what a file might say to the terminal. */
export function colouredPatch(patch: string, stream: NodeJS.WriteStream): string {
  if (!stream.isTTY) return patch;
  const paint = painter(stream);
  return plainText(patch)
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return paint('bold', line);
      return line.startsWith('@@') ? paint('cyan', line) : colour(line, paint);
    })
    .join('\n');
}

/** A name that says what its value is, and a value that is long enough to be one and no address. */
const NAMED = /((?:key|token|secret|password|auth)\w*["']?\s*[:=]\s*["']?)(?!https?:)([^\s"',#$]{9,})/gi;
/** Keys of the vendors, and tokens of three parts, whatever they are called. */
const KNOWN = /\b(?:sk-[\w-]{4,}|eyJ[\w-]+\.[\w-]+\.[\w-]+)/g;

/** What is about to be shown on a terminal that others may see. The files get the text as it is. */
export function maskSecrets(text: string): string {
  const masked = (secret: string) => new Secret(secret).toString();
  return text.replace(NAMED, (_all, name: string, secret: string) => name + masked(secret)).replace(KNOWN, masked);
}
