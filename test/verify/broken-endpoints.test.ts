import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEndpoint } from '../../src/cli/endpoint.ts';
import { VERIFY_CHECKS } from '../../src/cli/verify/checks/index.ts';
import { outcomeOf, runChecks } from '../../src/cli/verify/run-checks.ts';
import { type Rig, startRig } from '../setup.ts';
import { BROKEN } from './breakages.ts';
import { type Breakage, startBreakingProxy } from './breaking-proxy.ts';

/** The Responses face has its own tests in verify.test.ts. */
const CHECKS = VERIFY_CHECKS.filter(({ isHeavy, group }) => isHeavy !== true && group !== 'responses');

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

/** The ids of the checks that find something, in the order of the alphabet. */
async function findings(breakage: Breakage): Promise<string[]> {
  await using proxy = await startBreakingProxy(rig.url, breakage);
  const endpoint = await openEndpoint({ url: proxy.url });
  const report = await runChecks({
    endpoint,
    model: 'kimi-k2.6',
    served: 'kimi-k2.6',
    stranger: undefined,
    checks: CHECKS,
    timeoutMs: breakage.silent ? 500 : 15_000,
    signal: new AbortController().signal,
  });
  return report.results
    .filter((result) => outcomeOf(result, report) === 'differs')
    .map(({ check }) => check.id)
    .sort();
}

test('nothing is found behind a proxy that breaks nothing', async () => {
  expect(await findings({})).toEqual([]);
});

test.each(BROKEN)('$what is found out', async ({ breakage, found }) => {
  expect(await findings(breakage)).toEqual(found);
});

test('every check that a client depends on is able to fail', () => {
  const seen = new Set(BROKEN.flatMap(({ found }) => found));
  const never = CHECKS.filter(({ id, kind }) => kind === 'protocol' && !seen.has(id)).map(({ id }) => id);
  // It needs an endpoint with keys: verify.test.ts, which also shows every check of the dialect failing.
  expect(never).toEqual(['error-key']);
});
