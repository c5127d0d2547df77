import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';

test('a setting that nothing acts on is told', () => {
  const { notYet } = loadConfig({
    env: { MOONGATE_ADMIN_KEY: 'mg-admin-0123456789', MOONGATE_LISTEN: '8001' },
    cwd: import.meta.dirname,
  });
  expect(notYet).toEqual([
    expect.stringMatching(/^MOONGATE_ADMIN_KEY sets admin_key, which this version does not act on yet$/),
  ]);
});
