import { given, isObject, type JsonObject, rest, textOr } from '../json-object.ts';
import { carriedOf, carry } from './carried.ts';
import type { Block } from './messages.ts';

const BASE64 = ';base64,';
const isDataUrl = (url: string): boolean => /^data:/.test(url);

/** The hub's part for an image, a video (Kimi's own block, MoonshotAI/kimi-code kosong anthropic.ts) or a document among the files. */
export function partOfMedia(block: Block): JsonObject | undefined {
  const { type, source, cache_control } = block;
  const url = urlOf(source);
  if (url === undefined) return undefined;
  const more = { ...given('cache_control', cache_control) };
  const extras = rest(block, 'type', 'source', 'cache_control');
  const isFile = isObject(source) && source['type'] === 'file';
  if (type === 'image')
    return { type: 'image_url', image_url: { url }, ...more, ...carry({ ...extras, file: isFile || undefined }) };
  if (type === 'video') return { type: 'video_url', video_url: { url }, ...more, ...carry(extras) };
  // Other documents are told as text: no Kimi model reads one.
  if (type !== 'document' || !isFile) return undefined;
  const { title, ...others } = extras;
  const name = typeof title === 'string' ? { filename: title } : {};
  return { type: 'file', file: { ...name, file_id: url.slice('ms://'.length) }, ...more, ...carry(others) };
}

/** Back again; undefined if the part is none of these. */
export function blockOfMedia(part: JsonObject): Block | undefined {
  const { type, cache_control } = part;
  const { file: isFile, ...extras } = carriedOf(part);
  const more = { ...extras, ...given('cache_control', cache_control) };
  if (type === 'image_url' || type === 'video_url') {
    const holder = part[type];
    const url = typeof holder === 'string' ? holder : isObject(holder) ? holder['url'] : undefined;
    if (typeof url !== 'string') return undefined;
    const file = isFile === true && url.startsWith('ms://') ? url.slice('ms://'.length) : undefined;
    const source = file === undefined ? sourceOf(url) : { type: 'file', file_id: file };
    return { type: type === 'image_url' ? 'image' : 'video', source, ...more };
  }
  const file = part['file'];
  if (type !== 'file' || !isObject(file)) return undefined;
  const { filename, file_id, file_data, file_url } = file;
  const title = typeof filename === 'string' ? { title: filename } : {};
  if (typeof file_id === 'string') return { type: 'document', source: { type: 'file', file_id }, ...title, ...more };
  const url = textOr(file_data, textOr(file_url, ''));
  return url === '' ? undefined : { type: 'document', source: sourceOf(url), ...title, ...more };
}

/** A file of Anthropic's is named as Kimi names its own: `ms://<id>` (platform docs, vision page). */
function urlOf(source: unknown): string | undefined {
  if (!isObject(source)) return undefined;
  const { type, media_type, data, url, file_id } = source;
  if (type === 'base64' && typeof data === 'string') return `data:${textOr(media_type, 'image/png')}${BASE64}${data}`;
  if (type === 'url' && typeof url === 'string') return url;
  if (type === 'file' && typeof file_id === 'string') return `ms://${file_id}`;
  return undefined;
}

function sourceOf(url: string): JsonObject {
  const split = isDataUrl(url) ? url.indexOf(BASE64) : -1;
  if (split < 0) return { type: 'url', url };
  return { type: 'base64', media_type: url.slice('data:'.length, split), data: url.slice(split + BASE64.length) };
}
