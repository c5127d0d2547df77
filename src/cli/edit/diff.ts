import { styleText } from 'node:util';
import { structuredPatch } from 'diff';
import { Secret } from '../../config/secret.ts';
import { plainText } from '../plain-text.ts';
import type { PlannedEdit } from './planned-edit.ts';

/** The change as a patch, coloured where the stream shows colours. Secrets appear as their last four characters. */
export function diffText({ file, after }: PlannedEdit, stream: NodeJS.WriteStream): string {
  const before = file.text ?? '';
  const { hunks } = structuredPatch('', '', maskSecrets(before), maskSecrets(after), '', '', { context: 2 });
  const title = file.text === undefined ? `${file.path} (new)` : file.path;
  const paint = (format: 'bold' | 'green' | 'red' | 'cyan', text: string) => styleText(format, text, { stream });
  const lines = hunks.flatMap((hunk) => [
    paint('cyan', `@@ line ${hunk.newStart} @@`),
    ...hunk.lines.map((line) => colour(plainText(line), paint)),
  ]);
  return `${[paint('bold', title), ...lines].join('\n')}\n`;
}

function colour(line: string, paint: (format: 'green' | 'red', text: string) => string): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
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
