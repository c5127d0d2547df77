import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Round } from './round.ts';

test('steps wait for each other and are taken in their order', async () => {
  const round = new Round();
  const taken: string[] = [];
  round.join(() => taken.push('first'));
  await Promise.resolve();
  round.join(() => taken.push('second'));
  await Promise.resolve();
  expect(taken).toEqual([]);
  await nextRound();
  expect(taken).toEqual(['first', 'second']);
});

test('what they wait for is taken together too', async () => {
  const round = new Round();
  const taken: string[] = [];
  const walk = async (name: string) => {
    taken.push(`${name} 1`);
    await undefined;
    taken.push(`${name} 2`);
  };
  round.join(() => void walk('a'));
  round.join(() => void walk('b'));
  await nextRound();
  expect(taken).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
});

test('what a step adds belongs to the next round', async () => {
  const round = new Round();
  const taken: string[] = [];
  round.join(() => {
    taken.push('first');
    round.join(() => taken.push('further'));
  });
  await nextRound();
  expect(taken).toEqual(['first']);
  await nextRound();
  expect(taken).toEqual(['first', 'further']);
});
