import { isObject, type JsonObject, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';

/** The content of a message or of a tool's output as the hub has it: a string stays one, parts become parts. */
export function toHubContent(content: unknown, notes: Notes): string | JsonObject[] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return content === undefined || content === null ? '' : JSON.stringify(content);
  return content.map((part: unknown) =>
    isObject(part) ? toHubPart(part, notes) : { type: 'text', text: String(part) },
  );
}

const TEXTS = new Set(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']);

function toHubPart(part: JsonObject, notes: Notes): JsonObject {
  const type = textOr(part['type'], '');
  if (TEXTS.has(type)) return { type: 'text', text: textOr(part['text'], '') };
  if (type === 'refusal') return { type: 'text', text: textOr(part['refusal'], '') };
  if (type === 'input_image') return imagePart(part) ?? omitted(type, notes);
  if (type === 'input_file') return filePart(part) ?? omitted(type, notes);
  // Sound and what is not known here: the rules of the dialect say what a model takes, with the path of the part.
  return part;
}

/** A file of the vendor's is named `ms://<id>` in a chat (platform docs, vision page). */
function imagePart({ image_url, file_id, detail }: JsonObject): JsonObject | undefined {
  const url = typeof image_url === 'string' ? image_url : typeof file_id === 'string' ? `ms://${file_id}` : undefined;
  if (url === undefined) return undefined;
  return {
    type: 'image_url',
    image_url: { url, ...(typeof detail === 'string' && detail !== 'auto' ? { detail } : {}) },
  };
}

function filePart({ filename, file_id, file_data, file_url }: JsonObject): JsonObject | undefined {
  const named = typeof filename === 'string' ? { filename } : {};
  if (typeof file_id === 'string') return { type: 'file', file: { ...named, file_id } };
  if (typeof file_data === 'string') return { type: 'file', file: { ...named, file_data } };
  return typeof file_url === 'string' ? { type: 'file', file: { ...named, file_url } } : undefined;
}

function omitted(type: string, notes: Notes): JsonObject {
  notes.add(`an ${type} part that names nothing is left out`);
  return { type: 'text', text: `[${type} omitted]` };
}

/** What the assistant said, in one text. */
export function toPlainText(content: unknown, notes: Notes): string {
  const hub = toHubContent(content, notes);
  return typeof hub === 'string' ? hub : hub.map((part) => textOr(part['text'], '')).join('');
}
