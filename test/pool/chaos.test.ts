import { expect, test } from 'vitest';
import type { FaultName, FaultOrder } from '../../src/simulator/index.ts';
import { startPoolRig } from './pool-rig.ts';

type Fault = FaultName | 'no-model';

/** How each of the twelve fails. */
const FAULTS: readonly Fault[] = [
  'rate-limit',
  'quota',
  'suspended',
  'auth',
  'permission',
  'no-model',
  'overload',
  'server',
  'unavailable',
  'unexpected',
  'html-504',
  'reset',
];

/** The least pause after such a failure, as a client of the vendor would keep it; written down apart from the pool. */
const LEAST_PAUSE_MS: Partial<Record<Fault, number>> = {
  'rate-limit': 1_000,
  quota: 5 * 60_000,
  suspended: 5 * 60_000,
  auth: 60_000,
  permission: 5 * 60_000,
  'no-model': 10 * 60_000,
};

const CHANCE = 0.3;
const REQUESTS = 2_000;
const CLIENTS = 8;
/** Time passes only between calls, so all of a step are under way together and may fail together. */
const STEP_MS = 20_000;

const orderOf = (fault: Fault): Pick<FaultOrder, 'fault'> => {
  if (fault !== 'no-model') return { fault: fault as FaultName };
  const message = 'Not found the model kimi-k2.6 or Permission denied';
  return { fault: { status: 404, type: 'resource_not_found_error', message } };
};

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('twelve credentials that fail in twelve ways: no client sees it, and none is asked while it should rest', async () => {
  const keys = FAULTS.map((fault) => `sk-${fault}`);
  await using rig = await startPoolRig(
    keys.map((key) => ({ keys: key, host: 'cn' as const })),
    (base) => ({
      retries: { attempts: 20 },
      surfaces: { 'moonshot-cn': { base_url: base, credentials: keys.map((key) => ({ key })) } },
    }),
  );
  const random = chances(20_261_121);
  const rests = new Map<string, { failedAt: number; until: number }>();
  const tooEarly: string[] = [];
  let failures = 0;
  for (const [index, fault] of FAULTS.entries()) {
    const key = keys[index] ?? '';
    rig.simulator.fail({
      ...orderOf(fault),
      times: Number.POSITIVE_INFINITY,
      match: ({ path, headers, arrivedAt }) => {
        if (headers['authorization'] !== `Bearer ${key}` || !path.endsWith('/chat/completions')) return false;
        const { failedAt = 0, until = 0 } = rests.get(key) ?? {};
        if (arrivedAt > failedAt && arrivedAt < until) tooEarly.push(`${key} ${until - arrivedAt} ms too early`);
        const fails = random() < CHANCE;
        if (fails) failures++;
        if (fails) rests.set(key, { failedAt: arrivedAt, until: arrivedAt + (LEAST_PAUSE_MS[fault] ?? 0) });
        return fails;
      },
    });
  }

  const seen: number[] = [];
  let left = REQUESTS;
  const client = async () => {
    while (left-- > 0) {
      seen.push((await rig.ask(`question ${left}`)).status);
      await new Promise<void>((resolve) => rig.clock.after(STEP_MS, resolve));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  while (seen.length < REQUESTS) await rig.pass(STEP_MS, STEP_MS);
  await rig.pass(STEP_MS, STEP_MS);
  await Promise.all(clients);

  expect(seen.filter((status) => status !== 200)).toEqual([]);
  expect(seen).toHaveLength(REQUESTS);
  expect(tooEarly).toEqual([]);
  expect(failures).toBeGreaterThan(200);
  const { credentials } = rig.platform();
  expect(credentials.flatMap(({ rest }) => (rest?.end === 'hand' ? [rest.because] : []))).toEqual(['upstream_auth']);
  // Rests end: whoever failed and may be asked again has served since.
  expect(credentials.filter(({ served }) => served > 0).length).toBeGreaterThanOrEqual(11);
}, 120_000);
