import { expect, test } from 'vitest';
import { CN_KEY, CN_KEY_2, platform, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';

const metrics = async (rig: Rig) => {
  const text = await (await rig.get('/metrics')).text();
  return Object.fromEntries(
    [...text.matchAll(/^moongate_(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
};

test('the pool: who waits, who rests, and what surfaces said that nobody knows', async () => {
  const limits = { concurrency: 1 };
  await using rig = await startRig({
    config: (simulator) => ({
      surfaces: {
        ...platform(simulator),
        'moonshot-cn': {
          base_url: simulator.cnBaseUrl,
          credentials: [CN_KEY, CN_KEY_2].map((key) => ({ key, limits })),
        },
      },
      routes: { default: ['moonshot-cn'] },
    }),
  });
  expect(await metrics(rig)).toMatchObject({ calls_in_flight: 0, calls_waiting: 0, credentials_out: 0 });
  rig.gateway.credentials.setEnabled('moonshot-cn-2', false);
  const calls = [1, 2, 3].map(() => rig.chat('sim: delay 300\nsim: say hi'));
  await until(async () => (await metrics(rig))['calls_waiting'] === 2, 'those that wait');
  expect(await metrics(rig)).toMatchObject({ calls_in_flight: 1, credentials_out: 1, unknown_refusals_total: 0 });
  for (const call of calls) await (await call).text();
  rig.simulator.fail({ fault: { status: 418, type: 'teapot_error', message: 'I am a teapot' }, times: 2 });
  for (const _ of [1, 2]) await (await rig.chat('x')).text();
  expect(await metrics(rig)).toMatchObject({ calls_waiting: 0, unknown_refusals_total: 2 });
});
