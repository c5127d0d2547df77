import { describe, expect, test } from 'vitest';
import { explainInStream, explainRefusal, retryAfterMs } from './explain-refusal.ts';

const secret = { reveal: () => 'sk-0123456789abcdef', toString: () => '…cdef' };

const explain = (status: number, body: unknown, headers = {}) =>
  explainRefusal(
    { id: 'moonshot-cn', kind: 'platform' },
    status,
    headers,
    Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    { secret, hidden: ['Basic cHJveHk6cGFzcw=='] },
  );
const vendor = (type: string | undefined, message: string) => ({ error: { message, ...(type ? { type } : {}) } });

describe('the refusals of the platform', () => {
  test.each([
    [400, 'content_filter', 'The request was rejected because it was considered high risk', 'content_filter', 400],
    [400, 'invalid_request_error', 'invalid temperature: only 1 is allowed for this model', 'upstream_refused', 400],
    [
      400,
      'invalid_request_error',
      'Your request exceeded model token limit: 262144 (requested: 300000)',
      'context_length_exceeded',
      400,
    ],
    [401, 'invalid_authentication_error', 'Invalid Authentication', 'upstream_auth', 401],
    [401, undefined, 'The API Key appears to be invalid or may have expired.', 'upstream_auth', 401],
    [403, 'permission_denied_error', 'The API you are accessing is not open', 'upstream_permission', 403],
    [404, 'resource_not_found_error', 'Not found the model x or Permission denied', 'upstream_model_not_found', 404],
    [413, undefined, 'Request exceeds the maximum size', 'upstream_too_large', 413],
    [429, 'engine_overloaded_error', 'The engine is currently overloaded, please try again later', 'overloaded', 429],
    [
      429,
      'rate_limit_reached_error',
      'Organization Rate limit exceeded, please try again after 1 seconds',
      'rate_limited',
      429,
    ],
    [
      429,
      'exceeded_current_quota_error',
      'Your account is suspended due to insufficient balance',
      'quota_exhausted',
      429,
    ],
    [500, 'server_error', 'oops', 'upstream_error', 500],
    [503, 'server_unavailable', 'oops', 'upstream_error', 503],
  ])('%i %s %s → %s %i', (status, type, message, code, seen) => {
    const error = explain(status, vendor(type, message));
    expect([error.code, error.status, error.message]).toEqual([code, seen, message]);
    expect(error.details.surface).toBe('moonshot-cn');
  });
});

test('a page of HTML is not shown to the reader, plain text is', () => {
  expect(explain(504, '<html><body>504 Gateway Time-out</body></html>').message).toBe('The surface answered 504.');
  expect(explain(502, 'upstream connect error').message).toBe('upstream connect error');
  expect(explain(500, '').code).toBe('upstream_error');
});

test.each(['null', '[]', '{"error":null}', '{"error":[]}', '{"error":{"message":{}}}', '{"error":"busy"}', '"x"', '{'])(
  'a body like %s does not break it',
  (body) => {
    expect(explain(400, body).code).toBe('upstream_refused');
  },
);

test('a good status that is no answer is the surface’s failure, not the client’s', () => {
  expect([explain(204, '').code, explain(204, '').status]).toEqual(['upstream_garbled', 502]);
});

test('an error object inside a stream', () => {
  expect(explainInStream('s', { type: 'engine_overloaded_error', message: 'busy' }, { secret }).code).toBe(
    'overloaded',
  );
  expect(explainInStream('s', { message: 'x', code: 429 }, { secret }).code).toBe('rate_limited');
  expect(explainInStream('s', 'broken', { secret }).message).toBe('broken');
  expect(explainInStream('s', undefined, { secret }).code).toBe('upstream_error');
});

test('how long to wait: header, the vendor’s header, a date, the sentence', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(retryAfterMs({ 'retry-after': '2' })).toBe(2_000);
  expect(retryAfterMs({ 'x-retry-after': '0.5' })).toBe(500);
  expect(retryAfterMs({ 'retry-after': 'Fri, 20 Nov 2026 12:00:10 GMT' }, '', now)).toBe(10_000);
  expect(retryAfterMs({}, 'please try again after 3 seconds')).toBe(3_000);
  expect(retryAfterMs({ 'retry-after': 'soon' }, 'later')).toBeUndefined();
});

test('a credential that the surface repeats is cut out', () => {
  const error = explain(401, vendor('x', `the key ${secret.reveal()} is wrong`));
  expect(JSON.stringify([error.message, error.details])).not.toContain(secret.reveal());
  expect(explain(403, 'no: Basic cHJveHk6cGFzcw== is not known').message).toBe('no: *** is not known');
});
