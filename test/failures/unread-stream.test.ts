import { expect, test } from 'vitest';
import { abandon, type Inbound } from '../../src/server/exchange.ts';
import { startRig } from '../setup.ts';

test('a stream that nobody begins to read gives its credential back', async () => {
  await using rig = await startRig({ door: 'memory' });
  const left = new AbortController();
  const body = {
    model: 'kimi-k2.6',
    stream: true,
    messages: [{ role: 'user', content: 'sim: pause 5\nsim: say-n 50' }],
  };
  const inbound: Inbound = {
    method: 'POST',
    path: '/v1/chat/completions',
    query: '',
    header: () => undefined,
    body: async () => Buffer.from(JSON.stringify(body)),
    stream: () => {
      throw new Error('not used');
    },
    allocate: Buffer.allocUnsafe,
    signal: left.signal,
    peer: undefined,
    requestId: 'test',
    arrivedAt: 0,
  };
  const reply = await rig.gateway.handle(inbound);
  expect([reply.status, rig.gateway.runtime.pool.inFlight]).toEqual([200, 1]);
  left.abort();
  await abandon(reply.body);
  expect(rig.gateway.runtime.pool.inFlight).toBe(0);
});
