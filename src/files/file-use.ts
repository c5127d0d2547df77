import type { MessageOutline } from '../chat/message-outline.ts';

/** What a part of a message wants of a file. */
export type FileUse =
  /** Kimi's own reference to a picture or a video. */
  | { readonly kind: 'media'; readonly id: string }
  /** A file by its id; a picture or a video if that is what it was uploaded for. */
  | { readonly kind: 'stored'; readonly id: string; readonly filename: string | undefined }
  /** A document whose bytes stand in the request. */
  | { readonly kind: 'inline'; readonly type: string; readonly data: Buffer; readonly filename: string | undefined };

type Part = Readonly<Record<string, unknown>>;

const REFERENCE = 'ms://';

/** Whether a message may name a file: asked of the outline, which costs nothing. */
export function mayNameFiles(messages: readonly MessageOutline[]): boolean {
  return messages.some(({ parts }) =>
    parts.some(({ kind, head }) => kind === 'other' || head?.startsWith(REFERENCE) === true),
  );
}

/**
 * `image_url` and `video_url` with `ms://<id>` (platform docs, vision page), or with a `file_id`; OpenAI's parts `file`
 * (platform.openai.com/docs/guides/pdf-files) and, from its Responses API, `input_file` and `input_image`.
 */
export function fileUseOf(part: unknown): FileUse | undefined {
  if (!isObject(part)) return undefined;
  switch (part['type']) {
    case 'image_url':
    case 'video_url':
      return ofMedia(part[part['type']]);
    case 'input_image':
      return ofMedia(part['image_url']) ?? ofMedia(part);
    case 'file':
    case 'input_file':
      return ofFile(isObject(part['file']) ? part['file'] : part);
    default:
      return undefined;
  }
}

export function mediaPart(type: 'image' | 'video', id: string): Part {
  const member = `${type}_url`;
  return { type: member, [member]: { url: `${REFERENCE}${id}` } };
}

function ofMedia(holder: unknown): FileUse | undefined {
  const url = isObject(holder) ? (holder['url'] ?? holder['image_url']) : holder;
  if (typeof url === 'string') {
    return url.startsWith(REFERENCE) ? { kind: 'media', id: url.slice(REFERENCE.length) } : undefined;
  }
  const id = isObject(holder) ? holder['file_id'] : undefined;
  return typeof id === 'string' && id !== '' ? { kind: 'stored', id, filename: undefined } : undefined;
}

function ofFile(file: Part): FileUse | undefined {
  const { file_id: id, file_data: data, filename: name } = file;
  const filename = typeof name === 'string' && name !== '' ? name : undefined;
  if (typeof id === 'string' && id !== '') return { kind: 'stored', id, filename };
  if (typeof data !== 'string') return undefined;
  const [, type, encoding, body] = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/s.exec(data) ?? [];
  // OpenAI takes base64 without the head of a data URL too.
  if (body === undefined)
    return { kind: 'inline', type: typeOf(filename), data: Buffer.from(data, 'base64'), filename };
  // A picture is a picture, however it is sent: the dialect sees to it.
  if (type?.toLowerCase().startsWith('image/')) return undefined;
  const bytes = encoding?.endsWith(';base64') ? Buffer.from(body, 'base64') : Buffer.from(textOf(body));
  return { kind: 'inline', type: type || typeOf(filename), data: bytes, filename };
}

function typeOf(filename: string | undefined): string {
  return /\.(txt|md|csv|json|html?|xml|ya?ml)$/i.test(filename ?? '') ? 'text/plain' : 'application/pdf';
}

function textOf(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

function isObject(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
