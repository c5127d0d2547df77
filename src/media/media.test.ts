import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { ImageFetcher } from './fetch-image.ts';
import { ImageCache } from './image-cache.ts';
import { isPublicAddress } from './public-address.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::127.0.0.1',
  'localhost',
  '',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe('fetching', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      if (path === '/png') response.end(PNG);
      else if (path === '/text') response.end('hello');
      else if (path === '/large') response.end(Buffer.alloc(5_000, PNG));
      else if (path === '/away') response.writeHead(302, { location: '/png' }).end();
      else if (path === '/inside') response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end();
      else if (path === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (path !== '/stall') response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const never = new AbortController().signal;
  const fetcher = (timeoutMs = 5_000) =>
    new ImageFetcher({
      maxBytes: 4_000,
      timeoutMs,
      clock: systemClock,
      mayConnect: (address) => address === '127.0.0.1',
    });

  test('gives a data URL, also behind a redirect', async () => {
    for (const path of ['/png', '/away']) {
      expect(await fetcher().fetch(base + path, never)).toBe(`data:image/png;base64,${PNG.toString('base64')}`);
    }
  });

  test.each([
    ['/text', 'it is none of jpeg'],
    ['/large', 'it is larger than 4000 bytes'],
    ['/none', 'its server answered 404'],
    ['/inside', 'not on the public internet'],
    ['/loop', 'redirects more than 3 times'],
  ])('%s: %s', async (path, why) => {
    await expect(fetcher().fetch(base + path, never)).rejects.toThrow(why);
  });

  test('a server that stalls is given up', async () => {
    await expect(fetcher(50).fetch(`${base}/stall`, never)).rejects.toThrow('could not be fetched');
  });

  test.each([
    'ftp://x/y',
    'http://user:pw@example.com/',
    'nonsense',
    'http://127.0.0.1:1/',
    'http://[::1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://localhost:1/',
  ])('refuses %s without asking anybody', async (url) => {
    const strict = new ImageFetcher({ maxBytes: 4_000, timeoutMs: 5_000, clock: systemClock });
    await expect(strict.fetch(url, never)).rejects.toThrow(
      /could not be fetched: .*(not an http|user name|public internet)/,
    );
  });
});

test('the cache is bounded by bytes and age', () => {
  let now = 0;
  const cache = new ImageCache(10, 100, () => now);
  cache.set('a', 'xxxx');
  cache.set('b', 'yyyy');
  expect(cache.get('a')).toBe('xxxx');
  cache.set('c', 'zzzz');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['xxxx', undefined, 'zzzz']);
  cache.set('d', 'x'.repeat(11));
  expect(cache.get('d')).toBeUndefined();
  now = 101;
  expect(cache.get('a')).toBeUndefined();
});
