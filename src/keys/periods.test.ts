import { expect, test } from 'vitest';
import { periodsAt } from './periods.ts';

const at = (text: string, offset: number) => {
  const { day, month, dayEndsAt, monthEndsAt } = periodsAt(Date.parse(text), offset);
  return [day, month, new Date(dayEndsAt).toISOString(), new Date(monthEndsAt).toISOString()];
};

test.each([
  ['2026-11-21T15:59:59Z', 480, ['2026-11-21', '2026-11', '2026-11-21T16:00:00.000Z', '2026-11-30T16:00:00.000Z']],
  ['2026-11-21T16:00:00Z', 480, ['2026-11-22', '2026-11', '2026-11-22T16:00:00.000Z', '2026-11-30T16:00:00.000Z']],
  ['2026-12-31T23:59:59.999Z', 0, ['2026-12-31', '2026-12', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']],
  ['2027-01-01T03:00:00Z', -300, ['2026-12-31', '2026-12', '2027-01-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z']],
  ['2028-02-29T00:00:00Z', 0, ['2028-02-29', '2028-02', '2028-03-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z']],
])('%s, %i minutes east', (moment, offset, expected) => {
  expect(at(moment, offset)).toEqual(expected);
});
