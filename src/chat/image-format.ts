import { Buffer } from 'node:buffer';

/** What Kimi takes as pictures and as videos (platform docs, vision page; npm @ai-sdk/moonshotai 3.0.60). */
export const IMAGE_FORMATS = ['jpeg', 'png', 'gif', 'webp', 'bmp', 'heic', 'heif'];

/** The first bytes of files, by format; where a format has several beginnings it stands here several times. */
const SIGNATURES: readonly { readonly format: string; readonly at: number; readonly bytes: Buffer }[] = [
  { format: 'jpeg', at: 0, bytes: Buffer.from([0xff, 0xd8, 0xff]) },
  { format: 'png', at: 0, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { format: 'gif', at: 0, bytes: Buffer.from('GIF8') },
  { format: 'webp', at: 8, bytes: Buffer.from('WEBP') },
  { format: 'bmp', at: 0, bytes: Buffer.from('BM') },
  { format: 'heic', at: 4, bytes: Buffer.from('ftypheic') },
  { format: 'heic', at: 4, bytes: Buffer.from('ftypheix') },
  { format: 'heif', at: 4, bytes: Buffer.from('ftypmif1') },
  { format: 'heif', at: 4, bytes: Buffer.from('ftypmsf1') },
  { format: 'avif', at: 4, bytes: Buffer.from('ftypavif') },
  { format: 'tiff', at: 0, bytes: Buffer.from('II*\0') },
  { format: 'tiff', at: 0, bytes: Buffer.from('MM\0*') },
  { format: 'ico', at: 0, bytes: Buffer.from([0, 0, 1, 0]) },
  { format: 'pdf', at: 0, bytes: Buffer.from('%PDF') },
  { format: 'svg', at: 0, bytes: Buffer.from('<svg') },
];

/** `data:image/png;base64,iVBOR…`: type, subtype, parameters, the beginning of the data. */
const DATA_URL = /^data:([a-z]+)\/([a-z0-9.+-]+)((?:;[^;,]*)*?);base64,([A-Za-z0-9+/_-]*)/i;

export interface DataUrlFormat {
  /** As the URL says it, `image/jpg`. */
  readonly declared: string;
  /** By the first bytes; undefined if they are not known. */
  readonly found: string | undefined;
}

/** What the beginning of a data URL says about its format; undefined if it is no data URL with base64. */
export function formatOf(head: string): DataUrlFormat | undefined {
  const [, family, subtype, , data = ''] = DATA_URL.exec(head) ?? [];
  if (family === undefined || subtype === undefined) return undefined;
  return { declared: `${family}/${subtype}`.toLowerCase(), found: formatOfBytes(Buffer.from(data, 'base64')) };
}

export function formatOfBytes(bytes: Buffer): string | undefined {
  return SIGNATURES.find(({ at, bytes: signature }) => bytes.subarray(at, at + signature.length).equals(signature))
    ?.format;
}

/** The type that the picture should carry: the found one, else the declared one; undefined if Kimi takes neither. */
export function imageTypeOf({ declared, found }: DataUrlFormat): string | undefined {
  if (found !== undefined) return IMAGE_FORMATS.includes(found) ? `image/${found}` : undefined;
  const format = declared.replace(/^image\//, '').replace(/^(?:jpg|pjpeg)$/, 'jpeg');
  return IMAGE_FORMATS.includes(format) ? `image/${format}` : undefined;
}
