/** The image formats that Kimi takes (platform docs; npm @ai-sdk/moonshotai 3.0.60), told by their first bytes. */
const SIGNATURES: readonly { readonly type: string; readonly at: number; readonly bytes: string }[] = [
  { type: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/gif', at: 0, bytes: 'GIF8' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
  { type: 'image/bmp', at: 0, bytes: 'BM' },
  { type: 'image/heic', at: 4, bytes: 'ftypheic' },
  { type: 'image/heic', at: 4, bytes: 'ftypheix' },
  { type: 'image/heif', at: 4, bytes: 'ftypmif1' },
];

/** The media type of an image, undefined if it is none that Kimi takes. What a server or client claims is not asked. */
export function imageType(bytes: Buffer): string | undefined {
  const found = SIGNATURES.find(
    ({ at, bytes: signature }) => bytes.toString('latin1', at, at + signature.length) === signature,
  );
  return found?.type;
}
