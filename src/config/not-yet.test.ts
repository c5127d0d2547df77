import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';

test('a setting that nothing acts on is told', () => {
  const { notYet } = loadConfig({
    env: { MOONGATE_DATABASE: 'postgres://db/moongate', MOONGATE_LISTEN: '8001' },
    cwd: import.meta.dirname,
  });
  expect(notYet).toEqual([
    expect.stringMatching(/^MOONGATE_DATABASE sets database, which this version does not act on yet$/),
  ]);
});
