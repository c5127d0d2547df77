import { expect, test } from 'vitest';
import { load } from './fixture.ts';

test('a setting that nothing acts on is told', () => {
  const { notYet } = load('keys: [ { name: me, key: an-inbound-key-0123, models: [ kimi-k2.6 ] } ]');
  expect(notYet).toEqual([
    expect.stringMatching(/^moongate.yaml:1:\d+ sets keys\[0\].models, which this version does not act on yet$/),
  ]);
});
