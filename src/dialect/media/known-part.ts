import { GatewayError } from '../../errors.ts';
import { isPart, type Part, textPart } from '../history/content-part.ts';

/** Longer parts that nobody here understands are not told as text. */
const MAX_TOLD = 2_000;

/**
 * A part in the two spellings that Kimi knows, text and `image_url` / `video_url` with an object; undefined for one
 * that says nothing. Sound and documents, which no Kimi model takes, become a remark in an earlier turn; elsewhere
 * `invalid_request` is thrown, naming `path`.
 */
export function toKnownPart(part: unknown, path: string, isEarlier: boolean): unknown {
  if (typeof part === 'string') return textPart(part);
  if (!isPart(part)) return part === null ? undefined : textPart(String(part));
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case undefined:
      return toText(part, part['text']);
    case 'refusal':
      return toText(part, part['refusal']);
    case 'image_url':
    case 'input_image':
    case 'image':
      return toMedia(part, 'image_url') ?? unknownPart(part);
    case 'video_url':
    case 'input_video':
    case 'video':
      return toMedia(part, 'video_url') ?? unknownPart(part);
    case 'file':
    case 'input_file':
    case 'document':
      return toFile(part, path, isEarlier);
    case 'input_audio':
    case 'audio':
    case 'audio_url':
      if (isEarlier) return textPart('[A recording stood here, which this model cannot hear.]');
      throw refused(path, 'sound', 'Send a transcript as text.');
    default:
      return unknownPart(part);
  }
}

function toText(part: Part, text: unknown): unknown {
  if (typeof text !== 'string') return text === undefined ? unknownPart(part) : textPart(JSON.stringify(text));
  return part['type'] === 'text' ? part : textPart(text);
}

/** `{image_url: "…"}`, `{image_url: {url}}`, `{source: {…}}` (Messages), `{image: "…", mediaType}` (AI SDK). */
function toMedia(part: Part, type: 'image_url' | 'video_url'): unknown {
  const holder = part[type];
  if (isPart(holder) && typeof holder['url'] === 'string')
    return part['type'] === type ? part : { type, [type]: holder };
  const url = typeof holder === 'string' ? holder : (urlOfSource(part['source']) ?? urlOfData(part, type));
  if (url === undefined) return undefined;
  const { detail } = part;
  return { type, [type]: { url, ...(typeof detail === 'string' ? { detail } : {}) } };
}

function urlOfSource(source: unknown): string | undefined {
  if (!isPart(source)) return undefined;
  const { type, url, media_type: mime, data } = source;
  if (typeof url === 'string') return url;
  if (type !== 'base64' || typeof data !== 'string') return undefined;
  return `data:${typeof mime === 'string' ? mime : 'image/png'};base64,${data}`;
}

function urlOfData(part: Part, type: 'image_url' | 'video_url'): string | undefined {
  const data = part['image'] ?? part['video'] ?? part['data'] ?? part['url'];
  if (typeof data !== 'string') return undefined;
  if (/^(?:data:|https?:|ms:)/i.test(data)) return data;
  const mime = part['mediaType'] ?? part['mimeType'] ?? part['media_type'];
  return `data:${typeof mime === 'string' ? mime : type === 'image_url' ? 'image/png' : 'video/mp4'};base64,${data}`;
}

/** A picture sent as a file is a picture; a document of text is text. */
function toFile(part: Part, path: string, isEarlier: boolean): unknown {
  const file = isPart(part['file']) ? part['file'] : part;
  const data = file['file_data'];
  if (typeof data === 'string' && /^data:image\//i.test(data)) return { type: 'image_url', image_url: { url: data } };
  const source = part['source'];
  if (isPart(source) && source['type'] === 'text' && typeof source['data'] === 'string')
    return textPart(source['data']);
  if (isEarlier) return textPart(`[A file stood here${nameOf(file)}, which this model cannot read.]`);
  throw refused(path, 'files', 'Extract the text (POST /v1/files with purpose file-extract) and send that.');
}

function nameOf({ filename }: Part): string {
  return typeof filename === 'string' && filename !== '' ? ` (${filename.slice(0, 100)})` : '';
}

function refused(path: string, what: string, hint: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `${path}: Kimi takes no ${what} in messages.`,
    param: path,
    hint,
  });
}

/** `tool_reference` and whatever comes next: its text if it has one, else the part itself, as text. */
function unknownPart(part: Part): unknown {
  if (typeof part['text'] === 'string') return textPart(part['text']);
  const told = JSON.stringify(part);
  return textPart(told.length <= MAX_TOLD ? told : `[content of type ${String(part['type'])} left out]`);
}
