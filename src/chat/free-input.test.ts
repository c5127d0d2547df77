import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FreeInputReader, freeInputOf } from './free-input.ts';

test('however the arguments are cut, the pieces together are the input', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 9 })),
      (input, ascii, sizes) => {
        const compact = JSON.stringify({ input });
        const said = ascii
          ? compact
              .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
              .replace(':', ' : ')
          : compact;
        const reader = new FreeInputReader();
        let text = '';
        let at = 0;
        for (const size of [...sizes, said.length]) {
          text += reader.add(said.slice(at, at + size));
          at += size;
        }
        expect(text).toBe(input);
        expect(freeInputOf(said)).toBe(input);
      },
    ),
  );
});

test.each([
  ['{"patch":"x"}', 'x'],
  ['"x"', 'x'],
  ['*** Begin Patch', '*** Begin Patch'],
  ['{"a":"x","b":"y"}', '{"a":"x","b":"y"}'],
  ['{"a":1}', '{"a":1}'],
  ['[1]', '[1]'],
  ['{"input":"cut sho', 'cut sho'],
  ['', ''],
])('a model that got the form wrong is taken at its word: %s', (said, input) => {
  expect(freeInputOf(said)).toBe(input);
});
