import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';

test('a setting that nothing acts on is told', () => {
  const { notYet } = loadConfig({
    env: { KIMI_API_KEY: 'sk-kimi-0123456789abcdef', MOONGATE_LISTEN: '8001' },
    cwd: import.meta.dirname,
  });
  expect(notYet).toEqual([
    expect.stringMatching(/^KIMI_API_KEY sets surfaces\.kimi-code\.credentials.* does not act on yet$/),
  ]);
});
