import { expect, test } from 'vitest';
import { formatListen, isLoopback, parseListen } from './listen.ts';

test.each([
  ['127.0.0.1:8000', '127.0.0.1:8000'],
  ['8000', '127.0.0.1:8000'],
  [9000, '127.0.0.1:9000'],
  [':8001', '127.0.0.1:8001'],
  ['[::1]:8000', '[::1]:8000'],
  ['::1', '[::1]:8000'],
  ['0.0.0.0', '0.0.0.0:8000'],
  ['localhost:0', 'localhost:0'],
  ['gate.example.org:443', 'gate.example.org:443'],
])('%s is %s', (text, whole) => {
  const listen = parseListen(text);
  expect(listen && formatListen(listen)).toBe(whole);
});

test.each(['', 'http://127.0.0.1:8000', '127.0.0.1:99999', '*:8000', '[nope]:1', '1.2.3:80', 'a b:80'])(
  'refuses %s',
  (text) => expect(parseListen(text)).toBeUndefined(),
);

test('knows loopback from the rest', () => {
  expect(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.2', 'gate.lan', '127.example.org', '::ffff:10.0.0.1'].some(isLoopback)).toBe(
    false,
  );
});
