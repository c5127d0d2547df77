import fc from 'fast-check';
import { stringify as toToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { stringify as toYaml } from 'yaml';
import { GatewayError } from '../../errors.ts';
import { mergeDocument, readDocument } from './document.ts';
import type { FormatName } from './format.ts';
import type { WantedMap } from './wanted.ts';

const key = fc.constantFrom('a', 'b', 'c', 'odd key', 'constructor', '__proto__', 'ü', '5');
const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.dictionary(
    key,
    fc.oneof({ depthSize: 'small' }, scalar, fc.array(fc.integer(), { maxLength: 3 }), tie('tree')),
    {
      maxKeys: 4,
    },
  ),
}));

const WRITERS: Readonly<Record<string, (value: object) => string>> = {
  json5: (value) => JSON.stringify(value, null, 2),
  json: (value) => JSON.stringify(value),
  yaml: (value) => toYaml(value),
  toml: (value) => toToml(value),
};

test.each(Object.keys(WRITERS) as FormatName[])(
  'whatever a %s file says, it says what is wanted afterwards and the rest as before, or it is refused',
  (format) => {
    const check = fc.property(tree, tree, (before, wanted) => {
      const text = WRITERS[format]?.(before as object) ?? '';
      const document = { name: 'file', format, text };
      try {
        const merged = mergeDocument(document, wanted as WantedMap);
        expect(mergeDocument({ ...document, text: merged }, wanted as WantedMap)).toBe(merged);
        expect(Object.keys(readDocument({ ...document, text: merged }))).toEqual(
          expect.arrayContaining(Object.keys(readDocument(document))),
        );
      } catch (thrown) {
        if (!(thrown instanceof GatewayError)) throw thrown;
      }
    });
    fc.assert(check, { numRuns: 300 });
  },
);

test('whatever a file holds, it is merged or refused', () => {
  const formats = fc.constantFrom<FormatName>('json', 'json5', 'yaml', 'toml', 'env');
  const check = fc.property(formats, fc.string(), (format, text) => {
    try {
      mergeDocument({ name: 'file', format, text }, { a: 'x' });
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
    }
  });
  fc.assert(check, { numRuns: 1_000 });
});
