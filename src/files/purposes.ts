/** What a file is for, as Kimi names it (platform docs, files page; openapi.json, September 2026). */
export const PURPOSES = ['file-extract', 'image', 'video', 'batch'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** OpenAI's words (platform.openai.com/docs/api-reference/files) for which Kimi has one of its own. */
const FOREIGN: Readonly<Record<string, 'by-type' | Purpose>> = {
  user_data: 'by-type',
  assistants: 'by-type',
  vision: 'by-type',
};

/** The longest word that means something. */
export const LONGEST_PURPOSE = 64;

export function isPurpose(purpose: string): purpose is Purpose {
  return PURPOSES.includes(purpose as Purpose);
}

/** Endings of pictures and videos that Kimi takes (platform docs, vision page), for files that come without a type. */
const IMAGES = /\.(?:jpe?g|png|gif|webp|bmp|heic|heif)$/i;
const VIDEOS = /\.(?:mp4|mpe?g|mov|avi|x-flv|flv|webm|wmv|3gpp?)$/i;
const NO_TYPE = 'application/octet-stream';

/** Kimi's word for a purpose; undefined for one that it has nothing for. `type`: the file's media type. */
export function toPurpose(purpose: string, type: string = NO_TYPE, filename = ''): Purpose | undefined {
  if (isPurpose(purpose)) return purpose;
  const known = Object.hasOwn(FOREIGN, purpose) ? FOREIGN[purpose] : undefined;
  if (known !== 'by-type') return known;
  // Since 2026-08-31 no text is read from pictures under file-extract (platform docs).
  if (type.startsWith('image/') || (type === NO_TYPE && IMAGES.test(filename))) return 'image';
  return type.startsWith('video/') || (type === NO_TYPE && VIDEOS.test(filename)) ? 'video' : 'file-extract';
}
