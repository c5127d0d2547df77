import { type Document, mergeDocument } from './document.ts';
import type { FormatName } from './format.ts';
import { readEditable, restore, type TextFile, writeEditable } from './text-file.ts';
import type { WantedMap } from './wanted.ts';

/** A change to a file that is known in full and not made yet. */
export interface PlannedEdit {
  readonly file: TextFile;
  readonly after: string;
}

/** Undefined where the file says already what is wanted. Throws GatewayError where it cannot be merged. */
export function planEdit(path: string, format: FormatName, wanted: WantedMap): PlannedEdit | undefined {
  const file = readEditable(path);
  const document: Document = { name: path, format, text: file.text ?? '' };
  const after = mergeDocument(document, wanted);
  return after === file.text ? undefined : { file, after };
}

/** Writes all of them or none. Throws GatewayError. */
export function writeAll(edits: readonly PlannedEdit[]): void {
  const written: TextFile[] = [];
  try {
    for (const { file, after } of edits) {
      writeEditable(file, after);
      written.push(file);
    }
  } catch (thrown) {
    for (const file of written.toReversed()) restore(file);
    throw thrown;
  }
}
