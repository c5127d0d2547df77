import { expect, test } from 'vitest';
import { LogTail } from './log-tail.ts';

const line = (number: number) => `{"n":${number}}\n`;

test('keeps the last lines, whatever batches they came in, and not more than a MiB', () => {
  const tail = new LogTail();
  expect(tail.last(5)).toEqual([]);
  tail.write(line(1) + line(2));
  tail.write(line(3));
  expect(tail.last(2)).toEqual([line(2), line(3)]);
  expect(tail.last(0)).toEqual([]);
  for (let at = 0; at < 40; at++) tail.write(`${'x'.repeat(65_535)}\n`);
  expect(tail.last(1_000)).toHaveLength(16);
});

test('a follower gets what comes, and its end', async () => {
  const tail = new LogTail();
  tail.write(line(1));
  const following = tail.follow(new AbortController().signal);
  const next = following.next();
  tail.write(line(2));
  expect(await next).toEqual({ done: false, value: line(2) });
  tail.write(line(3));
  tail.write(line(4));
  tail.close();
  expect(await following.next()).toEqual({ done: false, value: line(3) + line(4) });
  expect(await following.next()).toEqual({ done: true, value: undefined });
});

test('one that does not read loses the oldest and is told; one that leaves ends', async () => {
  const tail = new LogTail();
  const left = new AbortController();
  const following = tail.follow(left.signal);
  for (let at = 0; at < 20; at++) tail.write(`${'x'.repeat(65_535)}\n`);
  const { value } = await following.next();
  expect(value).toMatch(/^\{"level":"warn","msg":"262144 bytes of the log left out"\}\nx/);
  const waiting = following.next();
  left.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
});
