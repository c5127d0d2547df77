import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog({ level: 'info', pretty: false, destination: { write: (line) => void lines.push(line) } });
  log.info(fields, 'said');
  return JSON.parse(lines.join(''));
}

test('a line holds its fields, the level and the time', () => {
  expect(logged({ status: 200, repairs: ['a'], usage: { tokens: 1 } })).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    status: 200,
    repairs: ['a'],
    usage: { tokens: 1 },
    msg: 'said',
  });
});

test('secrets are cut out, at the top and one level below, and the object that was given stays as it was', () => {
  const given = { key: 'sk-1', id: 'a', headers: { authorization: 'Bearer sk-2', 'x-api-key': 'sk-3', host: 'b' } };
  const line = logged(given);
  expect(JSON.stringify(line)).not.toContain('sk-');
  expect(line).toMatchObject({ key: '[Redacted]', id: 'a', headers: { authorization: '[Redacted]', host: 'b' } });
  expect(given.headers.authorization).toBe('Bearer sk-2');
});

test('an error keeps its message and loses its secrets', () => {
  const { err } = logged({ err: Object.assign(new Error('broken'), { token: 'sk-4' }) });
  expect(err).toMatchObject({ type: 'Error', message: 'broken', token: '[Redacted]', stack: expect.any(String) });
});
