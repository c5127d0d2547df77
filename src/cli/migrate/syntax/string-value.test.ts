import { expect, test } from 'vitest';
import { stringValue } from './string-value.ts';

test.each([
  [`'a'`, 'a'],
  [`"a\\n\\"b\\""`, 'a\n"b"'],
  ['`a`', 'a'],
  [`r"a\\n"`, 'a\\n'],
  [`"""a\nb"""`, 'a\nb'],
  [`''`, ''],
  [`"\\u4f60\\u{1F600}\\x41"`, '你😀A'],
  [`b"bytes"`, undefined],
  ['"open', 'open'],
])('%s is %j', (literal, value) => {
  expect(stringValue(literal)).toBe(value);
});
