import { randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import type { BatchStatus, StoredBatch } from '../accounts/batch-shelf.ts';
import type { Exchange } from '../exchange.ts';
import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { readBatchInput } from './batch-input.ts';

const ENDPOINT = '/v1/chat/completions';
const DEFAULT_LIMIT = 20;
const LEAST_HOURS = 12;
const MOST_HOURS = 7 * 24;

/** Answers one request of a batch; throws a `Refusal` as the chat endpoint does. */
export type BatchAnswer = (body: JsonObject) => unknown;

/** Platform docs, batch page. */
export function handleBatches(exchange: Exchange, body: () => JsonObject, account: Account, answer: BatchAnswer): void {
  exchange.sendJson(200, resultOf(exchange, body, account, answer));
}

function resultOf(exchange: Exchange, body: () => JsonObject, account: Account, answer: BatchAnswer): unknown {
  const [, id, tail] = exchange.path.match(/^\/batches(?:\/([^/]+))?(\/cancel)?$/) ?? [];
  const action = `${exchange.request.method}${id === undefined ? '' : ' id'}${tail ?? ''}`;
  switch (exchange.path === '/batches' || id !== undefined ? action : '') {
    case 'POST':
      return record(create(body(), account));
    case 'GET':
      return list(exchange, account);
    case 'GET id':
      return record(advance(find(account, id), account, answer));
    case 'POST id/cancel':
      return record(cancel(find(account, id), account));
    default:
      throw notFound('The requested resource was not found');
  }
}

function find(account: Account, id = ''): StoredBatch {
  const batch = account.batches.get(id);
  if (batch === undefined) throw notFound(`batch ${id} not found`);
  return batch;
}

/** The sentences of this function are ours: the service's own were not seen. */
function create(body: JsonObject, account: Account): StoredBatch {
  const { input_file_id: id, endpoint, completion_window: window, metadata } = body;
  if (typeof id !== 'string') throw invalid('Invalid request: input_file_id is required');
  const file = account.files.get(id);
  if (file === undefined) throw invalid(`Invalid request: file ${id} not found`);
  if (file.purpose !== 'batch') throw invalid(`Invalid request: the purpose of file ${id} is not batch`);
  if (endpoint !== ENDPOINT) throw invalid(`Invalid request: endpoint must be ${ENDPOINT}`);
  checkWindow(window);
  checkMetadata(metadata);
  return account.batches.add({
    endpoint: ENDPOINT,
    inputFileId: id,
    completionWindow: String(window),
    metadata: metadata ?? null,
  });
}

function checkWindow(window: unknown): void {
  const [, count, unit] = /^(\d+)([hd])$/.exec(String(window)) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  if (hours >= LEAST_HOURS && hours <= MOST_HOURS) return;
  throw invalid('Invalid request: completion_window must be between 12h and 7d');
}

function checkMetadata(metadata: unknown): void {
  if (isAbsent(metadata)) return;
  const entries = isObject(metadata) ? Object.entries(metadata) : undefined;
  const fits = ([key, value]: [string, unknown]) =>
    key.length <= 64 && typeof value === 'string' && value.length <= 512;
  if (entries === undefined || entries.length > 16 || !entries.every(fits)) {
    throw invalid('Invalid request: metadata takes 16 pairs, keys of 64 and values of 512 characters');
  }
}

function list(exchange: Exchange, account: Account): Record<string, unknown> {
  const limit = Number(exchange.query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalid('Invalid request: limit must be 1 to 100');
  const all = account.batches.list().reverse();
  const start = all.findIndex(({ id }) => id === exchange.query.get('after')) + 1;
  const data = all.slice(start, start + limit).map(record);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + limit < all.length,
  };
}

function cancel(batch: StoredBatch, account: Account): StoredBatch {
  if (!['validating', 'in_progress', 'finalizing'].includes(batch.status)) {
    throw new Refusal({
      status: 400,
      type: 'invalid_request_error',
      message: `Cannot cancel a batch with status ${batch.status}`,
    });
  }
  account.batches.enter(batch, 'cancelling');
  return batch;
}

/** A step each time somebody looks, so that a test sees every status and waits for none. */
function advance(batch: StoredBatch, account: Account, answer: BatchAnswer): StoredBatch {
  const next = nextStatus(batch, account);
  if (next === 'finalizing') run(batch, account, answer);
  if (next !== undefined) account.batches.enter(batch, next);
  return batch;
}

function nextStatus(batch: StoredBatch, account: Account): BatchStatus | undefined {
  switch (batch.status) {
    case 'validating':
      return validate(batch, account) ? 'in_progress' : 'failed';
    case 'in_progress':
      return 'finalizing';
    case 'finalizing':
      return 'completed';
    case 'cancelling':
      return 'cancelled';
    default:
      return undefined;
  }
}

function inputOf(batch: StoredBatch, account: Account) {
  const text = account.files.get(batch.inputFileId)?.bytes.toString('utf8') ?? '';
  return readBatchInput(text, batch.endpoint);
}

function validate(batch: StoredBatch, account: Account): boolean {
  const { lines, problems } = inputOf(batch, account);
  batch.problems = problems;
  batch.counts = { completed: 0, failed: 0, total: lines.length };
  return problems.length === 0;
}

function run(batch: StoredBatch, account: Account, answer: BatchAnswer): void {
  const done: string[] = [];
  const failed: string[] = [];
  for (const { customId, body } of inputOf(batch, account).lines) {
    const line = { id: `batch_req_${randomUUID()}`, custom_id: customId };
    try {
      const response = { status_code: 200, request_id: randomUUID(), body: answer(body) };
      done.push(JSON.stringify({ ...line, response, error: null }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const response = { status_code: error.facts.status, request_id: randomUUID(), body: error.body };
      failed.push(JSON.stringify({ ...line, response, error: null }));
    }
  }
  const store = (rows: readonly string[], kind: string) =>
    rows.length === 0
      ? undefined
      : account.files.add({
          filename: `${batch.id}_${kind}.jsonl`,
          mimeType: 'application/jsonl',
          purpose: 'batch',
          bytes: Buffer.from(`${rows.join('\n')}\n`),
        }).id;
  batch.outputFileId = store(done, 'output');
  batch.errorFileId = store(failed, 'error');
  batch.counts = { completed: done.length, failed: failed.length, total: done.length + failed.length };
}

function record(batch: StoredBatch): Record<string, unknown> {
  const seconds = (ms: number | undefined) => (ms === undefined ? null : Math.floor(ms / 1000));
  const statuses = ['in_progress', 'finalizing', 'completed', 'failed', 'expired', 'cancelling', 'cancelled'] as const;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    input_file_id: batch.inputFileId,
    completion_window: batch.completionWindow,
    status: batch.status,
    output_file_id: batch.outputFileId ?? null,
    error_file_id: batch.errorFileId ?? null,
    errors: batch.problems.length === 0 ? null : { object: 'list', data: batch.problems },
    created_at: seconds(batch.createdAt),
    ...Object.fromEntries(statuses.map((status) => [`${status}_at`, seconds(batch.at.get(status))])),
    request_counts: batch.counts,
    metadata: batch.metadata,
  };
}
