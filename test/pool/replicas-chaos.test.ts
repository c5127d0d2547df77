import { expect, test } from 'vitest';
import type { FaultOrder } from '../../src/simulator/index.ts';
import { chances } from './chances.ts';
import { startReplicas } from './replicas-rig.ts';

type Fault = NonNullable<FaultOrder['fault']>;

interface Patient {
  readonly key: string;
  readonly fault: Fault;
  /** The least pause after such a failure, by whichever replica; written down apart from the pool. */
  readonly restMs: number;
}

const PATIENTS: readonly Patient[] = [
  { key: 'sk-fleet-rate-1', fault: 'rate-limit', restMs: 1_000 },
  { key: 'sk-fleet-rate-2', fault: 'rate-limit', restMs: 1_000 },
  { key: 'sk-fleet-permission', fault: 'permission', restMs: 60_000 },
  {
    key: 'sk-fleet-model',
    restMs: 60_000,
    fault: {
      status: 404,
      type: 'resource_not_found_error',
      message: 'Not found the model kimi-k2.6 or Permission denied',
    },
  },
  { key: 'sk-fleet-overload', fault: 'overload', restMs: 0 },
  { key: 'sk-fleet-reset', fault: 'reset', restMs: 0 },
];

const CHANCE = 0.2;
const REQUESTS = 300;
const CLIENTS = 8;
/** Until the news is there, and for calls that were under way. */
const NEWS_MS = 500;

test('six credentials that fail at random before three replicas: no client sees it, and what one has met none of them asks', async () => {
  const accounts = PATIENTS.map(({ key }) => ({ keys: key, host: 'cn' as const }));
  await using fleet = await startReplicas(accounts, (base) => ({
    surfaces: { 'moonshot-cn': { base_url: base, credentials: PATIENTS.map(({ key }) => ({ key })) } },
    retries: { tries: 60 },
  }));
  await fleet.join();
  const random = chances(20_261_121);
  const tooEarly: string[] = [];
  const failed = new Set<string>();
  for (const { key, fault, restMs } of PATIENTS) {
    let failedAt = 0;
    const match: FaultOrder['match'] = ({ path, headers, arrivedAt }) => {
      if (headers['authorization'] !== `Bearer ${key}` || !path.endsWith('/chat/completions')) return false;
      const since = arrivedAt - failedAt;
      if (since > NEWS_MS && since < restMs) tooEarly.push(`${key}: after ${since} ms`);
      if (random() >= CHANCE) return false;
      failed.add(key);
      failedAt = arrivedAt;
      return true;
    };
    fleet.simulator.fail({ fault, times: Number.POSITIVE_INFINITY, match });
  }
  const seen: string[] = [];
  let left = REQUESTS;
  const client = async (number: number) => {
    while (left-- > 0) {
      const { status, text } = await fleet.ask(number % 3, 'sim: delay 5\nsim: say yes');
      seen.push(status === 200 ? 'served' : text);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  expect(seen.filter((answer) => answer !== 'served')).toEqual([]);
  expect(seen).toHaveLength(REQUESTS);
  expect(tooEarly).toEqual([]);
  expect(failed.size).toBe(PATIENTS.length);
}, 60_000);
