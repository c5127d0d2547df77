import { expect, test } from 'vitest';
import { Departure, toAbortSignal } from './signal.ts';

test('tells every listener once, in order, and nobody who has gone', () => {
  const departure = new Departure();
  const heard: string[] = [];
  const second = () => heard.push('second');
  departure.addEventListener('abort', () => heard.push('first'));
  departure.addEventListener('abort', second);
  departure.addEventListener('abort', () => heard.push('third'));
  departure.removeEventListener('abort', second);
  departure.abort();
  departure.abort();
  expect(departure.aborted).toBe(true);
  expect(heard).toEqual(['first', 'third']);
});

test('when the first one goes the others stay', () => {
  const departure = new Departure();
  const heard: string[] = [];
  const first = () => heard.push('first');
  departure.addEventListener('abort', first);
  departure.addEventListener('abort', () => heard.push('second'));
  departure.removeEventListener('abort', first);
  departure.abort();
  expect(heard).toEqual(['second']);
});

test('an AbortSignal follows it, before and after', () => {
  const departure = new Departure();
  const before = toAbortSignal(departure);
  expect(before.aborted).toBe(false);
  departure.abort();
  expect(before.aborted).toBe(true);
  expect(toAbortSignal(departure).aborted).toBe(true);
  const { signal } = new AbortController();
  expect(toAbortSignal(signal)).toBe(signal);
});
