import { describe, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { VirtualClock } from '../../test/virtual-clock.ts';
import type { ChatChunk } from '../chat/chat.ts';
import { frameOf, type ResponseObject, ResponsesEncoder, toChatRequest } from '../chat/responses/index.ts';
import { Departure } from '../signal.ts';
import { BackgroundRuns } from './background-runs.ts';
import { EventLog } from './event-log.ts';

const chunk = (content: string): ChatChunk => ({ model: 'k3', choices: [{ index: 0, delta: { content } }] });

function begin(most = 2) {
  const clock = new VirtualClock();
  const runs = new BackgroundRuns(clock, () => most);
  const ended: ResponseObject[] = [];
  const start = (answer: (signal: AbortSignal) => AsyncIterable<readonly ChatChunk[]>) => {
    const { tools } = toChatRequest({}, []);
    const newId = (prefix: string) => `${prefix}_${clock.id()}`;
    const encoder = new ResponsesEncoder(frameOf({ background: true }, { tools, newId, now: clock.now }));
    return runs.start({
      owner: 'me',
      encoder,
      answer: async (signal) => answer(signal),
      ended: async (response) => void ended.push(response),
    });
  };
  return { clock, runs, ended, start };
}

async function* whole() {
  yield [chunk('a'), chunk('b')];
}

async function* stuck(signal: AbortSignal) {
  yield [chunk('a')];
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
}

describe('runs', () => {
  test('one ends, is kept once, and is found by its owner for a while', async () => {
    const { clock, runs, ended, start } = begin();
    const run = start(whole);
    expect(run.response.status).toBe('queued');
    await run.done;
    expect(ended.map(({ status }) => status)).toEqual(['completed']);
    expect(runs.find('me', run.response.id)).toBe(run);
    expect(runs.find('you', run.response.id)).toBeUndefined();
    clock.advance(5 * 60_000 + 1);
    expect(runs.find('me', run.response.id)).toBeUndefined();
  });

  test('a cancelled one keeps what there was, and one that has ended is not cancelled any more', async () => {
    const { ended, start } = begin();
    const run = start(stuck);
    await until(() => run.response.status === 'in_progress', 'the first chunk');
    await run.cancel();
    await run.cancel();
    expect(ended).toMatchObject([{ status: 'cancelled', output: [{ status: 'incomplete' }] }]);
    const other = start(whole);
    await other.done;
    await other.cancel();
    expect(other.response.status).toBe('completed');
  });

  test('when the gateway stops they fail', async () => {
    const { ended, runs, start } = begin();
    start(stuck);
    start(stuck);
    await runs.close();
    expect(ended.map(({ status, error }) => [status, error])).toEqual(
      Array(2).fill(['failed', expect.objectContaining({ message: expect.stringContaining('stopping') })]),
    );
  });

  test('so many at once, and as many ended ones', async () => {
    const { runs, start } = begin(2);
    const first = start(stuck);
    start(stuck);
    expect(() => start(whole)).toThrow('Too many');
    await first.cancel();
    const second = start(whole);
    await second.done;
    const third = start(whole);
    await third.done;
    expect([first, second, third].map((run) => runs.find('me', run.response.id) === run)).toEqual([false, true, true]);
    await runs.close();
  });
});

describe('the log of events', () => {
  const event = (sequence_number: number, size = 1) => ({ type: 'x', sequence_number, text: 'x'.repeat(size) });
  async function read(log: EventLog, from: number, signal = new Departure()) {
    let text = '';
    for await (const bytes of log.read(from, signal)) text += bytes.toString();
    return [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
  }

  test('is read by many, from anywhere, while it grows', async () => {
    const log = new EventLog();
    log.add([event(0)]);
    const readers = [read(log, 0), read(log, 1), read(log, 3)];
    log.add([event(1), event(2)]);
    await Promise.resolve();
    log.add([event(3)]);
    log.end();
    expect(await Promise.all(readers)).toEqual([[0, 1, 2, 3], [1, 2, 3], [3]]);
    expect(await read(log, 4)).toEqual([]);
  });

  test('a reader that leaves waits no more', async () => {
    const log = new EventLog();
    const left = new Departure();
    const reading = read(log, 0, left);
    left.abort();
    expect(await reading).toEqual([]);
  });

  test('keeps the newest events within its limit', async () => {
    const log = new EventLog();
    const mebibyte = 1024 * 1024;
    for (let index = 0; index < 6; index++) log.add([event(index, mebibyte)]);
    log.end();
    expect([2, 3].map((sequence) => log.has(sequence))).toEqual([false, true]);
    expect(await read(log, 3)).toEqual([3, 4, 5]);
    await expect(read(log, 0)).rejects.toThrow('too slow');
  });
});
