import type { Resource } from '../../files/keeper.ts';
import type { ListQuery } from '../../files/merged-list.ts';
import type { Inbound } from '../exchange.ts';
import { wholeNumber } from '../query.ts';

/** https://docs.claude.com/en/api/files-list: 20 on a page unless asked for more, at most 1,000. */
const PAGE = { most: 1_000, fallback: 20 };

/** Kimi does not tell the type of a file; its name does, for what Kimi takes (platform docs, files and vision pages). */
const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  jsonl: 'application/jsonl',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

/** A file as Anthropic's API describes it (npm @anthropic-ai/sdk 1.11.0, beta files). */
export function toAnthropicFile({ id, filename, bytes, created_at, purpose }: Resource): Resource {
  const name = typeof filename === 'string' && filename !== '' ? filename : String(id);
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const created = typeof created_at === 'number' ? created_at : 0;
  return {
    type: 'file',
    id,
    filename: name,
    mime_type: Object.hasOwn(TYPES, ending) ? TYPES[ending] : 'application/octet-stream',
    size_bytes: typeof bytes === 'number' ? bytes : 0,
    created_at: new Date(created * 1000).toISOString(),
    // Of pictures and videos there is no content to be had (platform docs, files page).
    downloadable: purpose !== 'image' && purpose !== 'video',
  };
}

export function toAnthropicFiles({ data, has_more, first_id, last_id }: Resource): Resource {
  const files = (data as readonly Resource[]).map(toAnthropicFile);
  return { data: files, has_more, first_id, last_id, next_page: has_more === true ? last_id : null };
}

export function toAnthropicDeletion({ id }: Resource): Resource {
  return { id, type: 'file_deleted' };
}

/** `page` is what `next_page` said; older clients name the last id that they have seen. */
export function anthropicListQuery(inbound: Inbound): ListQuery {
  const query = new URLSearchParams(inbound.query);
  return {
    limit: wholeNumber(query, 'limit', { least: 1, ...PAGE }),
    after: query.get('page') ?? query.get('after_id') ?? undefined,
    order: 'desc',
  };
}
