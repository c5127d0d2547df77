import type { Account } from '../accounts/account.ts';
import type { StoredFile } from '../accounts/file-shelf.ts';
import type { Exchange } from '../exchange.ts';
import type { FileLimits } from '../options.ts';
import { invalid, notFound } from '../refusal.ts';
import { wrongType } from './file-types.ts';
import { readMultipart } from './multipart.ts';

const PURPOSES = ['file-extract', 'image', 'video', 'batch'];

/** The one value of `kimi-api-version` that is known; it switches every file endpoint to another shape. */
const BETA = '2026-09-01-beta';

export function handleFiles(exchange: Exchange, account: Account, limits: FileLimits): void {
  const shape = shapeOf(exchange.request.headers['kimi-api-version']);
  const [, id, tail] = exchange.path.match(/^\/files(?:\/([^/]+))?(\/content)?$/) ?? [];
  const action = `${exchange.request.method}${id === undefined ? '' : ' id'}${tail ?? ''}`;
  switch (exchange.path === '/files' || id !== undefined ? action : '') {
    case 'POST':
      upload(exchange, account, shape, limits);
      break;
    case 'GET':
      exchange.sendJson(200, shape.list(page(exchange, account)));
      break;
    case 'GET id':
      exchange.sendJson(200, shape.file(find(account, id)));
      break;
    case 'GET id/content':
      sendContent(exchange, find(account, id));
      break;
    case 'DELETE id':
      shape.deleted(exchange, remove(account, find(account, id)));
      break;
    default:
      throw notFound('The requested resource was not found');
  }
}

function isBroken({ purpose, bytes }: StoredFile): boolean {
  return purpose === 'file-extract' && SCRIPT.exec(bytes.toString('utf8'))?.[1] === 'extract-error';
}

function find(account: Account, id = ''): StoredFile {
  const file = account.files.get(id);
  if (file === undefined) throw notFound(`file ${id} not found`);
  return file;
}

function remove(account: Account, file: StoredFile): StoredFile {
  account.files.remove(file.id);
  return file;
}

interface Page {
  readonly files: readonly StoredFile[];
  readonly next: string | undefined;
}

interface Shape {
  readonly created: number;
  file(file: StoredFile): Record<string, unknown>;
  list(page: Page): Record<string, unknown>;
  deleted(exchange: Exchange, file: StoredFile): void;
}

const CLASSIC: Shape = {
  created: 200,
  file: (file) => ({
    id: file.id,
    object: 'file',
    bytes: file.bytes.length,
    created_at: Math.floor(file.createdAt / 1000),
    filename: file.filename,
    purpose: file.purpose,
    status: isBroken(file) ? 'error' : 'ready',
    status_details: isBroken(file) ? 'the text could not be extracted' : '',
    file_type: file.mimeType,
  }),
  list: ({ files, next }) => ({
    object: 'list',
    data: files.map(CLASSIC.file),
    first_id: files[0]?.id ?? null,
    last_id: files.at(-1)?.id ?? null,
    has_more: next !== undefined,
  }),
  deleted: (exchange, file) => exchange.sendJson(200, { id: file.id, object: 'file', deleted: true }),
};

/** Platform docs, hosted agents, files. */
const NEWER: Shape = {
  created: 201,
  file: (file) => ({
    id: file.id,
    filename: file.filename,
    purpose: file.purpose,
    size_bytes: file.bytes.length,
    mime_type: file.mimeType,
    created_at: new Date(file.createdAt).toISOString(),
    extract_status: file.purpose === 'file-extract' ? 'succeeded' : 'none',
  }),
  list: ({ files, next }) => ({ items: files.map(NEWER.file), next_page_token: next ?? '' }),
  deleted: (exchange) => {
    exchange.begin(204, {});
    exchange.response.end();
  },
};

function shapeOf(version: string | string[] | undefined): Shape {
  if (version === undefined || version === '') return CLASSIC;
  if (version === BETA) return NEWER;
  throw invalid(`Invalid request: unsupported kimi-api-version: ${String(version)}`);
}

/** The page token is the last id of the page before. */
function page(exchange: Exchange, account: Account): Page {
  const size = Number(exchange.query.get('page_size') ?? 1000);
  if (!Number.isInteger(size) || size < 1 || size > 1000) {
    throw invalid('Invalid request: page_size must be between 1 and 1000');
  }
  const all = account.files.list();
  const token = exchange.query.get('page_token') ?? exchange.query.get('after');
  const start = all.findIndex((file) => file.id === token) + 1;
  const files = all.slice(start, start + size);
  return { files, next: start + size < all.length ? files.at(-1)?.id : undefined };
}

function upload(exchange: Exchange, account: Account, shape: Shape, limits: FileLimits): void {
  const form = readMultipart(exchange.request.headers['content-type'] ?? '', exchange.raw);
  const purpose = form.find((part) => part.name === 'purpose')?.bytes.toString('utf8') ?? '';
  const file = form.find((part) => part.name === 'file');
  if (file === undefined) throw invalid('Invalid request: file is required');
  if (!PURPOSES.includes(purpose)) throw invalid("Invalid purpose: only 'file-extract' accepted");
  if (file.bytes.length === 0) throw invalid('File size is zero, please confirm and re-upload the file');
  const { maxBytes, maxCount, maxTotalBytes } = limits;
  if (file.bytes.length > maxBytes) {
    throw invalid('File size is too large, max file size is 100MB, please confirm and re-upload the file');
  }
  if (account.files.size >= maxCount) {
    throw invalid(
      `The number of files you have uploaded exceeded the max file count ${maxCount}, please delete previous uploaded files`,
    );
  }
  if (account.files.totalBytes + file.bytes.length > maxTotalBytes) {
    throw invalid('The total size of the files you have uploaded exceeded the limit, please delete previous files');
  }
  const { bytes, mimeType, filename = 'file' } = file;
  const problem = wrongType(purpose, filename);
  if (problem !== undefined) throw invalid(problem);
  const stored = account.files.add({ filename, mimeType, purpose, bytes });
  exchange.sendJson(shape.created, shape.file(stored));
}

/** What a file is made to say: `sim: extract …` in a line of its own; `sim: extract-error` fails. */
const SCRIPT = /^sim: (extract|extract-error)(?: (.*))?$/m;

/** A JSON document in a string; without a script the text is the file itself, read as UTF-8. */
function sendContent(exchange: Exchange, file: StoredFile): void {
  if (file.purpose === 'image' || file.purpose === 'video') {
    throw invalid(`Invalid request: the content of a file with purpose ${file.purpose} cannot be read`);
  }
  if (file.purpose === 'batch') {
    exchange.begin(200, { 'content-type': 'application/jsonl' });
    exchange.response.end(file.bytes);
    return;
  }
  const text = file.bytes.toString('utf8');
  const [, verb, said = ''] = SCRIPT.exec(text) ?? [];
  if (verb === 'extract-error') throw invalid(`Invalid request: the text of file ${file.id} could not be extracted`);
  exchange.sendJson(200, {
    content: verb === undefined ? text : said.replaceAll('\\n', '\n'),
    file_type: file.mimeType,
    filename: file.filename,
    title: '',
    type: 'file',
  });
}
