import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { ChatMessage } from '../../chat/chat.ts';
import { formatOfBytes, IMAGE_FORMATS } from '../../chat/image-format.ts';
import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { extractText } from './extract-text.ts';

/** A file that goes with the next message. */
export interface Attachment {
  readonly name: string;
  readonly kind: 'text' | 'image' | 'document';
  readonly bytes: number;
  readonly part: ContentPart;
}

type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

const MIB = 1024 * 1024;
/** A text is read by the model as it is; a quarter of a million tokens is about this much. */
const TEXT_LIMIT = MIB;
/** As base64 it must fit into a request of 32 MiB. */
const IMAGE_LIMIT = 20 * MIB;
/** What the platform takes (its documentation says 100 MB). */
const DOCUMENT_LIMIT = 100 * 1000 * 1000;

/** Reads a file as what it is: text, picture, or a document whose text the gateway extracts. Throws Failure, GatewayError. */
export async function readAttachment(path: string, endpoint: Endpoint): Promise<Attachment> {
  const name = basename(path);
  const content = await readBytes(expandHome(path));
  const bytes = content.length;
  const format = formatOfBytes(content.subarray(0, 16));
  if (format !== undefined && IMAGE_FORMATS.includes(format)) {
    checkSize(path, bytes, IMAGE_LIMIT);
    const url = `data:image/${format};base64,${content.toString('base64')}`;
    return { name, kind: 'image', bytes, part: { type: 'image_url', image_url: { url } } };
  }
  // A PDF may be written in letters alone, and is no text all the same.
  const text = format === 'pdf' ? undefined : asText(content);
  if (text !== undefined) {
    checkSize(path, bytes, TEXT_LIMIT);
    return { name, kind: 'text', bytes, part: { type: 'text', text: fileText(name, text) } };
  }
  const extracted = await extractText(endpoint, name, content);
  return { name, kind: 'document', bytes, part: { type: 'text', text: fileText(name, extracted) } };
}

/** The message with what is attached to it: pictures as parts, texts before the question. */
export function messageWith(question: string, attachments: readonly Attachment[]): ChatMessage {
  const texts = attachments.flatMap(({ part }) => (part.type === 'text' ? [part.text] : []));
  const images = attachments.flatMap(({ part }) => (part.type === 'text' ? [] : [part]));
  const text = [...texts, question].filter((one) => one !== '').join('\n\n');
  if (images.length === 0) return { role: 'user', content: text };
  return { role: 'user', content: [...images, ...(text === '' ? [] : [{ type: 'text', text }])] };
}

/** `~/report.pdf`, also where no shell has read it. */
export function expandHome(path: string): string {
  return /^~(?=\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    // Without waiting: a pipe nobody writes to would hold the chat for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await checkedStat(file, path);
      checkSize(path, size, DOCUMENT_LIMIT);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      isAbsent
        ? { en: `There is no file ${path}.`, zh: `文件 ${path} 不存在。` }
        : { en: `${path} cannot be read: ${why}.`, zh: `无法读取 ${path}：${why}。` },
      { cause },
    );
  }
}

async function checkedStat(file: Awaited<ReturnType<typeof open>>, path: string) {
  const stat = await file.stat();
  if (stat.isFile()) return stat;
  throw new Failure({ en: `${path} is not a file.`, zh: `${path} 不是文件。` });
}

function checkSize(path: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  const [size, most] = [bytes, limit].map((value) => `${(value / MIB).toFixed(1)} MiB`);
  throw new Failure({
    en: `${path} has ${size}; files of its kind may have ${most}.`,
    zh: `${path} 大小为 ${size}，这类文件最多 ${most}。`,
  });
}

function asText(content: Buffer): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined; // not UTF-8: a document in a form of its own
  }
}

/** The fence is longer than any inside. */
function fileText(name: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `File ${name}:\n\n${fence}\n${text.trimEnd()}\n${fence}`;
}
