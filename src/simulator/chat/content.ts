import { isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';
import type { Role, RuleContext } from './request.ts';

export interface Content {
  readonly text: string;
  readonly media: number;
}

/** Platform docs, vision page, and the vendor's AI SDK provider. */
const FORMATS: Readonly<Record<'image' | 'video', readonly string[]>> = {
  image: ['jpeg', 'jpg', 'png', 'gif', 'webp', 'bmp', 'heic', 'heif'],
  video: ['mp4', 'mpeg', 'mov', 'quicktime', 'avi', 'x-msvideo', 'x-flv', 'mpg', 'webm', 'wmv', 'x-ms-wmv', '3gpp'],
};

/** A message's content as text and a number of pictures; refuses parts that the platform refuses. */
export function readContent(content: unknown, context: RuleContext & { readonly role: Role }): Content {
  if (typeof content === 'string') return { text: tokenizable(content), media: 0 };
  if (Array.isArray(content)) checkPlace(content, context);
  if (!Array.isArray(content)) throw invalid('Invalid request: message content must be a string or an array of parts');
  const parts = content.map((part) => readPart(part, context));
  return { text: parts.map((part) => part.text).join(''), media: parts.reduce((sum, part) => sum + part.media, 0) };
}

/**
 * Parts are documented for what users say, and which models take media in a tool result is not documented: whoever asks
 * for the letter of the schema is refused. The sentences are ours.
 */
function checkPlace(parts: readonly unknown[], { role, unknownMembers }: RuleContext & { readonly role: Role }): void {
  if (unknownMembers !== 'refuse' || role === 'user') return;
  if (role !== 'tool') throw invalid(`Invalid request: content of a message with role '${role}' must be a string`);
  const media = parts.find((part) => isObject(part) && part['type'] !== 'text');
  if (isObject(media)) throw invalid(`invalid part type: ${String(media['type'])}`);
  throw invalid("Invalid request: content of a message with role 'tool' must be a string");
}

function readPart(part: unknown, context: RuleContext): Content {
  if (!isObject(part)) throw invalid('Invalid request: message content parts must be objects');
  const { type } = part;
  if (type === 'text') {
    const { text } = part;
    if (typeof text !== 'string') throw invalid('Invalid request: text part must have a text');
    if (text.trim() === '') throw invalid('text content is empty');
    return { text: tokenizable(text), media: 0 };
  }
  if (type === 'image_url' && context.model.image) return readMedia('image', part['image_url'], context);
  if (type === 'video_url' && context.model.video) return readMedia('video', part['video_url'], context);
  throw invalid(`invalid part type: ${String(type)}`);
}

/** `data:` or `ms://<file id>`; the platform fetches nothing from the web. */
function readMedia(kind: 'image' | 'video', holder: unknown, context: RuleContext): Content {
  const url = typeof holder === 'string' ? holder : isObject(holder) ? holder['url'] : undefined;
  if (typeof url !== 'string') throw invalid(`Invalid request: ${kind}_url must have a url`);
  const file = url.match(/^ms:\/\/(.+)$/)?.[1];
  if (file !== undefined) {
    if (!context.hasFile(file)) throw invalid(`Invalid request: file ${file} not found`);
    return { text: '', media: 1 };
  }
  const data = url.slice(0, 100).match(/^data:([a-z]+)\/([a-z0-9.+-]+)(?:;[^,]*)?;base64,/i);
  if (data === null) throw invalid(`Invalid request: unsupported ${kind} url: ${url.slice(0, 200)}`);
  const [, family = '', format = ''] = data;
  if (family.toLowerCase() !== kind || !FORMATS[kind].includes(format.toLowerCase())) {
    throw invalid(`Invalid request: unsupported ${kind} format: ${family}/${format}`);
  }
  return { text: '', media: 1 };
}

/** A lone surrogate cannot be tokenized (moeru-ai/airi #1768). */
export function tokenizable(text: string): string {
  if (!text.isWellFormed()) throw invalid('Invalid request: tokenization failed');
  return text;
}

export function isEmptyContent(raw: JsonObject): boolean {
  const { content } = raw;
  if (Array.isArray(content)) return content.length === 0;
  return content === undefined || content === null || (typeof content === 'string' && content.trim() === '');
}
