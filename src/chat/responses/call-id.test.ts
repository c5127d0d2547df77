import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCallId, toHubCallId } from './call-id.ts';

test('every id comes back, and what goes out is safe for clients', () => {
  const id = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.string({ minLength: 1, unit: fc.constantFrom(...'ab:.-_3x') }),
    fc.string({ unit: fc.constantFrom(...'a-3:') }).map((rest) => `call_${rest}`),
  );
  fc.assert(
    fc.property(id, (native) => {
      const sent = toCallId(native);
      expect(sent).toMatch(/^[\w-]+$/);
      expect(toHubCallId(sent)).toBe(native);
    }),
    { numRuns: 2_000 },
  );
});

test('ids that are safe stay as they are', () => {
  for (const id of ['call_abc123', 'fc_1', 'toolu_01-x', 'Bash_0'])
    expect([toCallId(id), toHubCallId(id)]).toEqual([id, id]);
  expect(toCallId('get_weather:0')).toBe('call_get_weather-3a-0');
});
