import { expect, test } from 'vitest';
import { followedBy } from './followed-by.ts';

const LAST = Buffer.from('last');

async function* runs(ended: string[] = [], failure?: Error): AsyncGenerator<Buffer> {
  try {
    yield Buffer.from('a');
    if (failure) throw failure;
    yield Buffer.from('b');
  } finally {
    ended.push('ended');
  }
}

async function read(source: AsyncIterable<Buffer>, most = 10): Promise<string[]> {
  const texts: string[] = [];
  for await (const run of source) {
    texts.push(run.toString());
    if (texts.length === most) break;
  }
  return texts;
}

test('all of them, then the last one, then nothing', async () => {
  expect(await read(followedBy(runs(), LAST))).toEqual(['a', 'b', 'last']);
});

test('a reader that leaves early ends them', async () => {
  const ended: string[] = [];
  expect(await read(followedBy(runs(ended), LAST), 1)).toEqual(['a']);
  expect(ended).toEqual(['ended']);
});

test('a failure is not followed by anything', async () => {
  const iterator = followedBy(runs([], new Error('cut')), LAST)[Symbol.asyncIterator]();
  expect((await iterator.next()).value?.toString()).toBe('a');
  await expect(iterator.next()).rejects.toThrow('cut');
  expect((await iterator.next()).done).toBe(true);
});
