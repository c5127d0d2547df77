import { expect, test } from 'vitest';
import { RowPacker, unpackRows } from './packed-rows.ts';

const ROWS = [
  ['a', 1.5, 'kimi-k3', null],
  ['b', null, 'kimi-k3', 'é\u{1f319}'],
  ['c', Number.MAX_SAFE_INTEGER, '', 'a'],
] as const;

test('rows come out as they went in', () => {
  const packer = new RowPacker(['id', 'number', 'text', 'text'], 3);
  for (const value of ROWS.flat()) packer.add(value);
  expect(packer).toMatchObject({ count: 3, isFull: true });
  expect(unpackRows(packer.packed())).toEqual(ROWS.flat());
});

test('a text that rows share is kept once, and nothing of them when it begins anew', () => {
  const packer = new RowPacker(['id', 'number', 'text', 'text'], 3);
  for (const value of ROWS.flat()) packer.add(value);
  expect(packer.packed().texts).toEqual(['a', 'kimi-k3', 'b', 'é\u{1f319}', 'c', '', 'a']);
  packer.clear();
  for (const value of ['d', 2, 'kimi-k2', null]) packer.add(value);
  expect(packer).toMatchObject({ count: 1, isFull: false });
  expect(unpackRows(packer.packed())).toEqual(['d', 2, 'kimi-k2', null]);
});
