import { expect, test } from 'vitest';
import { jsonReply } from './exchange.ts';
import { Router } from './router.ts';

const methods = { GET: async () => jsonReply(200, {}) };
const router = new Router([
  { path: '/v1/files', methods },
  { path: '/v1/files/{id}', methods },
  { path: '/v1/files/{id}/content', methods },
  { path: '/v1/models/{id...}', methods },
]);

function found(path: string) {
  const { route, parameters } = router.find(path) ?? {};
  return route && { path: route.path, ...parameters };
}

test('a plain path is found, and nothing that is only like it', () => {
  expect(found('/v1/files')).toEqual({ path: '/v1/files' });
  expect(found('/v1/file')).toBeUndefined();
  expect(found('/v1/files/a/b')).toBeUndefined();
});

test('names stand for one decoded segment, which is not empty', () => {
  expect(found('/v1/files/a%20b')).toEqual({ path: '/v1/files/{id}', id: 'a b' });
  expect(found('/v1/files/a/content')).toEqual({ path: '/v1/files/{id}/content', id: 'a' });
  expect(found('/v1/files//content')).toBeUndefined();
  expect(found('/v1/files/%E0%A4%A')).toEqual({ path: '/v1/files/{id}', id: '%E0%A4%A' });
});

test('the last name may take the rest', () => {
  expect(found('/v1/models/moonshot/kimi-k2.6')).toEqual({ path: '/v1/models/{id...}', id: 'moonshot/kimi-k2.6' });
  expect(found('/v1/models/')).toBeUndefined();
});
