import type { Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Departure } from '../signal.ts';
import { callHttp } from './http-call.ts';

const CALL = { origin: 'http://surface.test', path: '/', method: 'GET', headers: {} } as const;
const NO_LIMITS = { firstByteMs: 0, idleMs: 0, totalMs: 0 };

test('a head that came together with the end of the connection is told', async () => {
  const controller = { abort() {}, pause() {}, resume() {} } as unknown as Dispatcher.DispatchController;
  const dispatcher = {
    dispatch(_options: unknown, handler: Dispatcher.DispatchHandler) {
      handler.onRequestStart?.(controller, {});
      handler.onResponseStart?.(controller, 403, { 'content-type': 'application/json' }, 'Forbidden');
      handler.onResponseError?.(controller, new Error('other side closed'));
      return true;
    },
  } as unknown as Dispatcher;
  const reply = await callHttp(dispatcher, CALL, NO_LIMITS, systemClock, new Departure());
  expect(reply.status).toBe(403);
  await expect(reply.body.next()).rejects.toMatchObject({ code: 'stream_cut' });
});
