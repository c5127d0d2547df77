import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { Gateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/log.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { Redis } from '../services/redis.ts';
import { until } from '../until.ts';
import type { Settings } from './pool-rig.ts';

/** Gateways before one simulator that share a Redis server and what else `settings` names. */
export async function startReplicas(
  accounts: NonNullable<SimulatorOptions['accounts']>,
  settings: (base: string, simulator: Simulator) => Settings,
) {
  const [simulator, redis] = await Promise.all([
    startSimulator({ accounts, callsKept: 5_000, rateLimitTexts: 'named' }),
    Redis.start(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'moongate-replicas-'));
  const gateways: Gateway[] = [];
  const isShared = (gateway: Gateway) => gateway.runtime.state.coordination.shared;

  /** One more, at the end of the list. */
  const joinOne = async () => {
    const data = join(folder, String(gateways.length));
    const flags = {
      data,
      coordination: redis.url,
      ledger: { enabled: false },
      ...settings(simulator.cnBaseUrl, simulator),
    };
    const { config } = loadConfig({ env: {}, cwd: folder, flags });
    const gateway = new Gateway({ config, log: silentLog });
    gateways.push(gateway);
    await gateway.started;
    await until(() => isShared(gateway), 'Redis');
    return gateway;
  };
  await joinOne();
  await joinOne();

  const at = (index: number): Gateway => {
    const gateway = gateways[index];
    if (!gateway) throw new Error('there is no such replica');
    return gateway;
  };
  const ask = async (index: number, content: string) => {
    const response = await at(index).fetch('http://moongate/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'kimi-k2.6', messages: [{ role: 'user', content }] }),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    simulator,
    redis,
    at,
    join: joinOne,
    ask,
    /** Name and state of each credential, as a replica sees them. */
    states: async (index: number) =>
      (await at(index).credentials.list()).map(({ name, state }) => `${name} ${state}`).join(', '),
    isShared,
    chats: () => simulator.calls.filter(({ path }) => path.endsWith('/chat/completions')),
    async [Symbol.asyncDispose]() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await redis[Symbol.asyncDispose]();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
