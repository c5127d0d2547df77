import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * `encrypted_content` as this gateway writes it: the reasoning, packed, with a checksum. It is the caller's own and not
 * secret from him, so no key is needed, and every replica reads it before and after a restart.
 */
const MARK = 'moongate1.';
const CHECKSUM = 4;

/** More reasoning than any model gives in one answer; a small seal cannot unpack to more memory than this. */
const LARGEST = 8 * 1024 * 1024;

export function sealReasoning(text: string): string {
  const packed = deflateRawSync(text);
  const sum = Buffer.alloc(CHECKSUM);
  sum.writeUInt32BE(crc32(packed));
  return MARK + Buffer.concat([sum, packed]).toString('base64url');
}

/** Undefined for what was sealed elsewhere or has been damaged. */
export function openReasoning(sealed: string): string | undefined {
  if (!sealed.startsWith(MARK)) return undefined;
  const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
  const packed = bytes.subarray(CHECKSUM);
  if (packed.length === 0 || bytes.readUInt32BE() !== crc32(packed)) return undefined;
  try {
    return inflateRawSync(packed, { maxOutputLength: LARGEST }).toString();
  } catch {
    return undefined;
  }
}
