import { describe, expect, test } from 'vitest';
import { ERRORS, GatewayError } from '../errors.ts';
import { nameFor } from './family-names.fixture.ts';
import { ACTIONS, actionOf, blameOf, findRefusal, REFUSALS } from './index.ts';

const withExample = REFUSALS.flatMap((row) =>
  row.on.flatMap((place) =>
    (row.observed.length > 0 ? row.observed : ['']).map((message) => ({ row, place, message })),
  ),
);

describe('the table', () => {
  test('ids are unique', () => {
    expect(new Set(REFUSALS.map(({ id }) => id)).size).toBe(REFUSALS.length);
  });

  test.each(REFUSALS)('$id: what is done agrees with the error that it becomes', ({ means, action }) => {
    expect(ACTIONS[action].retry).toContain(ERRORS[means].retry);
  });

  test.each(REFUSALS)('$id is told in two languages, and how it was learned', ({ cause, advice, source }) => {
    for (const words of [cause, advice].filter((one) => one !== undefined)) {
      expect(words.en).toMatch(/^[\x20-\x7e’é…→]+$/);
      expect(words.zh).toMatch(/\p{Script=Han}/u);
    }
    expect(source).not.toBe('');
  });

  test.each(REFUSALS.filter(({ says }) => says))(
    '$id has a sentence, and the statuses within which it counts',
    (row) => {
      expect(row.status?.length).toBeGreaterThan(0);
      for (const sentence of row.observed) expect(sentence).toMatch(row.says ?? /^/);
      expect(`The user wrote: ${'x'.repeat(50)}`).not.toMatch(row.says ?? /^/);
    },
  );
});

describe('what is found', () => {
  const found = ({ row, place, message }: (typeof withExample)[number]) => {
    const type = typeof row.type === 'string' ? row.type : row.type && nameFor(row.type);
    return findRefusal({ place, status: row.status?.[0], type, code: row.code, message });
  };

  test.each(withExample)('$row.id on $place: $message', (example) => {
    const { means, action } = example.row;
    expect(found(example)).toMatchObject({ means, action });
  });

  test.each(REFUSALS)('no other row hides $id', (row) => {
    expect(withExample.filter((example) => example.row === row).map((example) => found(example)?.id)).toContain(row.id);
  });

  test('an identifier counts whatever the status, a sentence only within its own', () => {
    const said = { place: 'coding', message: 'Access terminated. Review our Community Guidelines.' } as const;
    expect(findRefusal({ ...said, status: 403 })?.id).toBe('code-terminated');
    expect(findRefusal({ ...said, status: 500 })?.id).toBe('status-500');
    expect(findRefusal({ place: 'platform', status: 503, type: 'engine_overloaded_error' })?.id).toBe(
      'engine-overloaded',
    );
  });

  test('a surface is not recognised by another one’s sentences', () => {
    const message = "You've reached your usage limit for this billing cycle.";
    expect(findRefusal({ place: 'platform', status: 403, message })?.id).toBe('status-403');
    expect(findRefusal({ place: 'web', status: 403, message })?.id).toBe('web-403');
  });

  test('what quotes a refusal is not one', () => {
    const message = 'Invalid request: the text "Access terminated" is not a number';
    expect(findRefusal({ place: 'coding', status: 403, message })?.id).toBe('status-403');
    expect(findRefusal({ place: 'coding', status: 418, message })).toBeUndefined();
  });
});

describe('what is done', () => {
  test('by the row that recognised it, else by the code', () => {
    expect(actionOf(new GatewayError('quota_exhausted'))).toBe('await_quota');
    expect(actionOf(new GatewayError('upstream_permission', { refusal: 'not-open' }))).toBe('look_again');
    expect(actionOf(new GatewayError('stream_cut'))).toBe('try_again');
    expect(actionOf(new GatewayError('content_filter'))).toBe('give_up');
    expect(blameOf(new GatewayError('stream_cut'))).toBe('engine');
    expect(blameOf(new GatewayError('quota_exhausted', { refusal: 'code-weekly' }))).toBe('account');
  });

  test('a row that an adapter has overruled does not count', () => {
    expect(actionOf(new GatewayError('upstream_error', { refusal: 'web-gone' }))).toBe('try_again');
  });
});
