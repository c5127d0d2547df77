import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import type { Caller } from './caller.ts';
import type { FileService } from './file-service.ts';

export interface InlineDocument {
  readonly type: string;
  readonly data: Buffer;
  readonly filename: string | undefined;
}

/** All texts that are kept, in characters. */
const KEPT = 32 * 1024 * 1024;

/** Types whose bytes are their text. */
const PLAIN = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript)\b)/i;

/** The text of documents, as the platform extracts it. A file is never changed, so its text is read once. */
export class DocumentTexts {
  readonly #files: FileService;
  readonly #limit: number;
  readonly #texts = new LRUCache<string, string>({ maxSize: KEPT, sizeCalculation: (text) => text.length + 1 });

  constructor(files: FileService, limit: number) {
    this.#files = files;
    this.#limit = limit;
  }

  async stored(id: string, caller: Caller): Promise<string> {
    // Before the memory is asked: what another key uploaded is not told.
    await this.#files.keeper.locate('files', id, caller);
    const known = this.#texts.get(`id ${id}`);
    if (known !== undefined) return known;
    const { body } = await this.#files.content(id, caller);
    const text = (await collect(body.body, this.#limit, () => this.#tooLong(id))).toString('utf8');
    this.#texts.set(`id ${id}`, text);
    return text;
  }

  /** Uploads the document, reads its text and deletes it again: it would count against the thousand of the account. */
  async inline(document: InlineDocument, caller: Caller): Promise<string> {
    const { type, data, filename = 'document' } = document;
    if (data.length > this.#limit && PLAIN.test(type)) throw this.#tooLong(filename);
    if (PLAIN.test(type)) return data.toString('utf8');
    const key = `data ${createHash('sha256').update(data).digest('base64')}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const { body } = await this.#files.upload(formOf(document), caller);
    const id = String(body['id']);
    try {
      const text = await this.stored(id, caller);
      this.#texts.set(key, text);
      return text;
    } finally {
      this.#texts.delete(`id ${id}`);
      // The client may have gone; the file must go all the same.
      const { signal: _left, ...rest } = caller;
      await this.#files.remove(id, { ...rest, signal: new AbortController().signal }).catch(() => {});
    }
  }

  #tooLong(name: string): GatewayError {
    return new GatewayError('invalid_request', {
      message: `The text of the document ${name.slice(0, 100)} is larger than ${this.#limit} bytes.`,
      param: 'messages',
      hint: 'Raise `files.text_bytes` in moongate.yaml if the model has room for it.',
    });
  }
}

function formOf({ type, data, filename = 'document.pdf' }: InlineDocument) {
  const digest = createHash('sha256').update(data).digest('hex').slice(0, 24);
  // What does not stand in the document cannot end it early.
  const boundary = `moongate-${digest}`;
  const name = filename.replaceAll(/["\r\n\\]/g, '_');
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';
  const bytes = Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nfile-extract\r\n`),
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n`),
    Buffer.from(`content-type: ${mime}\r\n\r\n`),
    data,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const body = (async function* () {
    yield bytes;
  })();
  return { contentType: `multipart/form-data; boundary=${boundary}`, boundary, length: bytes.length, body };
}
