import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GatewayError } from '../errors.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/**
 * Encrypts what must not lie in a database in the clear (AES-256-GCM). `about` is bound to the text: a row that was moved
 * under another name does not open.
 */
export class Vault {
  readonly #readKey: () => Buffer;
  #key: Buffer | undefined;

  constructor(readKey: () => Buffer) {
    this.#readKey = readKey;
  }

  seal(text: string, about: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOnce(), iv);
    cipher.setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')}`;
  }

  /** Undefined: it was sealed with another key, about something else, or is damaged. */
  open(sealed: string, about: string): string | undefined {
    const [version, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64');
    if (version !== VERSION || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOnce(), bytes.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.from(about));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #keyOnce(): Buffer {
    this.#key ??= this.#readKey();
    return this.#key;
  }
}

/** 32 bytes as hex or base64 are the key itself; any other text is stretched to one. */
export function keyFromText(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === KEY_BYTES && /^[\w+/=-]{43,44}$/.test(text)) return bytes;
  return scryptSync(text, 'moongate secret_key', KEY_BYTES);
}

/** The key in a file that only its owner can read; made when it is first needed. */
export function keyFromFile(path: string): Buffer {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Whoever makes it first wins; the others read it.
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw unusable(path, cause);
  }
  try {
    chmodSync(path, 0o600);
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    if (key.length === KEY_BYTES) return key;
  } catch (cause) {
    throw unusable(path, cause);
  }
  throw unusable(path, undefined);
}

function unusable(path: string, cause: unknown): GatewayError {
  return new GatewayError('storage_unusable', {
    message: `The key file ${path} cannot be used.`,
    hint: 'Put it back from a backup, or set MOONGATE_SECRET_KEY. What was encrypted with a lost key is lost.',
    cause,
  });
}
