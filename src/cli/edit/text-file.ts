import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../command.ts';
import type { Bilingual } from '../language.ts';

/** A text file that is going to be changed: what is there, and how it may be read. */
export interface TextFile {
  /** As it was named. */
  readonly path: string;
  /** The file itself, behind symbolic links. */
  readonly target: string;
  /** Undefined where there is no file yet. */
  readonly text: string | undefined;
  readonly mode: number;
}

/** What this program creates may hold a key. */
const OWNER_ONLY = 0o600;
/** Configuration files are small; what is larger was named by mistake. */
const SIZE_LIMIT = 4 * 1024 * 1024;

/** Throws GatewayError where the file cannot be read as text. */
export function readEditable(path: string): TextFile {
  const target = targetOf(path);
  if (target === undefined) return { path, target: path, text: undefined, mode: OWNER_ONLY };
  const stat = attempt(path, 'read', () => statSync(target));
  if (!stat.isFile()) throw refused(path, { en: 'is no file', zh: '不是文件' });
  if (stat.size > SIZE_LIMIT)
    throw refused(path, { en: `is larger than ${SIZE_LIMIT} bytes`, zh: `超过 ${SIZE_LIMIT} 字节` });
  const bytes = attempt(path, 'read', () => readFileSync(target));
  return { path, target, text: decode(path, bytes), mode: stat.mode & 0o777 };
}

/**
 * Replaces the file as a whole and at once, so that nobody ever reads half of it; its mode and the links to it stay.
 * Throws GatewayError, also if the file has changed since it was read.
 */
export function writeEditable(file: TextFile, text: string): void {
  if (readEditable(file.path).text !== file.text) throw refused(file.path, CHANGED);
  const draft = `${file.target}.${process.pid}.moongate`;
  attempt(file.path, 'written', () => {
    mkdirSync(dirname(file.target), { recursive: true, mode: 0o700 });
    const handle = openSync(draft, 'wx', OWNER_ONLY);
    try {
      writeSync(handle, text);
      fchmodSync(handle, file.mode);
      keepOwner(handle, file.target);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    try {
      renameSync(draft, file.target);
    } catch (cause) {
      rmSync(draft, { force: true });
      throw cause;
    }
  });
}

/** Somebody who may (root) must not take the file away from its owner. */
function keepOwner(handle: number, target: string): void {
  const owner = statSync(target, { throwIfNoEntry: false });
  try {
    if (owner !== undefined) fchownSync(handle, owner.uid, owner.gid);
  } catch {
    // Everybody else owns what they write.
  }
}

/** The file as it was before, or no file where there was none. */
export function restore({ path, target, text, mode }: TextFile): void {
  if (text === undefined) rmSync(target, { force: true });
  else writeEditable({ ...readEditable(path), mode }, text);
}

function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw refused(path, CANNOT.read(code), cause);
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw refused(path, { en: 'is a symbolic link that leads nowhere', zh: '是失效的符号链接' });
  return undefined;
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused(path, { en: 'is not UTF-8 text', zh: '不是 UTF-8 文本' }, cause);
  }
}

const CHANGED: Bilingual = { en: 'has changed in the meantime; try again', zh: '在此期间被改动；请重试' };
const CANNOT = {
  read: (code: string) => ({ en: `cannot be read (${code})`, zh: `无法读取（${code}）` }),
  written: (code: string) => ({ en: `cannot be written (${code})`, zh: `无法写入（${code}）` }),
} as const;

function attempt<T>(path: string, what: keyof typeof CANNOT, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw refused(path, CANNOT[what](codeOf(cause)), cause);
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);

function refused(path: string, { en, zh }: Bilingual, cause?: unknown): Failure {
  return new Failure(
    { en: `${path} ${en}. Nothing was written.`, zh: `${path} ${zh}。没有写入任何内容。` },
    { code: 'config_invalid', cause },
  );
}
