import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { LogTail } from './log-tail.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

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

test('the lines of requests are the same JSON as the others, whatever the fields hold', () => {
  const written: string[] = [];
  const tail = new LogTail();
  const destination = { write: (lines: string) => void written.push(lines) };
  const log = createLog({ level: 'info', pretty: false, destination, tail });
  const fields = {
    id: 'r1',
    path: '/v1/"quoted"\\\n',
    credential: 'moonshot-cn-1 …cdef',
    why: '余额不足 \u{1f319} \ud800 é\u007f',
    left_out: undefined,
    ms: 1.5,
    broken: Number.NaN,
    repairs: ['sampling-fixed', '…'],
    nothing: null,
  };
  log.request(fields);
  log.info({ level_of: 'others' }, 'between');
  log.request({ id: 'r2' });
  log.flush();
  const lines = written.join('').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'info', time: expect.stringMatching(ISO), ...JSON.parse(JSON.stringify(fields)), msg: 'answered' },
    { level: 'info', time: expect.stringMatching(ISO), level_of: 'others', msg: 'between' },
    { level: 'info', time: expect.stringMatching(ISO), id: 'r2', msg: 'answered' },
  ]);
  expect(lines[0]).toContain('余额不足');
  expect(tail.last(10).join('')).toBe(written.join(''));
});
