/** Platform docs, vision page: what pictures and videos may be. */
const IMAGES = ['jpeg', 'jpg', 'png', 'gif', 'webp', 'bmp', 'heic', 'heif'];
const VIDEOS = ['mp4', 'mpeg', 'mov', 'avi', 'x-flv', 'flv', 'mpg', 'webm', 'wmv', '3gpp', '3gp'];

/** Platform docs, files page ("and more" stands behind its list, so that others are let through but for these). */
const NEVER_EXTRACTED = [
  'mp4',
  'mov',
  'avi',
  'mp3',
  'wav',
  'm4a',
  'flac',
  'zip',
  'gz',
  'tar',
  'rar',
  '7z',
  'exe',
  'dll',
];

/** Why a file of this name cannot have this purpose; the sentences are ours, the service's own were not seen. */
export function wrongType(purpose: string, filename: string): string | undefined {
  const ending = /\.([A-Za-z0-9-]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  const refused = `Invalid request: file type .${ending} is not supported for purpose ${purpose}`;
  switch (purpose) {
    case 'image':
      return IMAGES.includes(ending) ? undefined : refused;
    case 'video':
      return VIDEOS.includes(ending) ? undefined : refused;
    case 'batch':
      return ending === 'jsonl' ? undefined : refused;
    default:
      return NEVER_EXTRACTED.includes(ending) ? refused : undefined;
  }
}
