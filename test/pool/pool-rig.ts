import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { StillClock } from '../../src/credentials/fixture.ts';
import { Gateway } from '../../src/gateway.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';

export type Settings = Readonly<Record<string, unknown>>;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A simulator and a gateway before it that share one time, which passes only when `pass` says so. */
export async function startPoolRig(
  accounts: NonNullable<SimulatorOptions['accounts']>,
  settings: (base: string, simulator: Simulator) => Settings,
  webAccounts?: SimulatorOptions['webAccounts'],
) {
  const clock = new StillClock();
  const data = mkdtempSync(join(tmpdir(), 'moongate-pool-'));
  const simulator = await startSimulator({
    accounts,
    now: clock.now,
    callsKept: 10_000,
    rateLimitTexts: 'named',
    ...(webAccounts && { webAccounts }),
  });
  const { config } = loadConfig({
    env: {},
    cwd: import.meta.dirname,
    flags: { data, ...settings(simulator.cnBaseUrl, simulator) },
  });
  const gateway = new Gateway({ config, clock });
  await gateway.runtime.start();
  const pool = () => gateway.runtime.pool;

  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const response = await gateway.fetch(`http://moongate${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const ask = (content: string, model = 'kimi-k2.6') =>
    post('/v1/chat/completions', { model, messages: [{ role: 'user', content }] });

  /** Lets time pass in steps, each when the gateway has done what it could without. */
  const pass = async (ms: number, stepMs: number) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      for (let quiet = 0; quiet < 3; quiet++) {
        if (pool().inFlight > 0) quiet = 0;
        await turn();
      }
      await clock.advance(stepMs);
    }
  };

  /** What the pool shows of the platform. */
  const platform = () => {
    const view = pool()
      .view()
      .find(({ surface }) => surface === 'moonshot-cn');
    if (!view) throw new Error('the pool has no moonshot-cn');
    return view;
  };

  /** The 429s and other refusals that the surface had to send, by status. */
  const refusals = () => simulator.calls.filter(({ status }) => status !== undefined && status >= 400);

  return {
    clock,
    simulator,
    gateway,
    pool,
    platform,
    ask,
    post,
    pass,
    refusals,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await simulator.close();
      rmSync(data, { recursive: true });
    },
  };
}
