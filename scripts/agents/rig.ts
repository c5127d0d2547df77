import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/index.ts';
import { Gateway } from '../../src/gateway.ts';
import { createLog } from '../../src/log.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import type { SurfaceName } from './agent.ts';

/** A line of the gateway's log, as far as the table of results tells of it. */
export interface Line {
  readonly path?: string;
  readonly status?: number;
  readonly repairs?: readonly string[];
  readonly notes?: readonly string[];
  readonly why?: string;
}

export interface AgentRig extends AsyncDisposable {
  readonly origin: string;
  readonly model: string;
  /** The paths at which the surface was asked for answers, in order. */
  asked(): readonly string[];
  /** The log, once it holds a line for every answer: it is written a little behind. */
  lines(): Promise<readonly Line[]>;
}

const MODELS: Readonly<Record<SurfaceName, string>> = {
  'kimi-code': 'kimi-for-coding',
  moonshot: 'kimi-k2.6',
  'moonshot-k3': 'kimi-k3',
};

/** The simulator with a gateway in front of it that has one surface. */
export async function startAgentRig(surface: SurfaceName): Promise<AgentRig> {
  const simulator = await startSimulator({ callsKept: 1_000 });
  const text: string[] = [];
  const log = createLog({ level: 'info', pretty: false, destination: { write: (line: string) => text.push(line) } });
  const folder = mkdtempSync(join(tmpdir(), 'moongate-agents-'));
  writeFileSync(join(folder, 'moongate.yaml'), JSON.stringify(settingsFor(surface, simulator)));
  const { config } = loadConfig({ cwd: folder, env: {} });
  const gateway = new Gateway({ config, clock: systemClock, log, simulated: false });
  const { server, stop } = gateway.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const asked = () => simulator.calls.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const lines = () =>
    text
      .join('')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    model: MODELS[surface],
    asked,
    async lines() {
      const isBehind = () => lines().filter(({ path }) => path !== undefined).length < asked().length;
      for (let waits = 0; waits < 60 && isBehind(); waits++) await sleep(50);
      return lines();
    },
    async [Symbol.asyncDispose]() {
      await stop(1_000);
      await gateway.close();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function settingsFor(surface: SurfaceName, { codeBaseUrl, cnBaseUrl }: Simulator): object {
  const surfaces =
    surface === 'kimi-code'
      ? { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: 'sk-kimi-sim' }] } }
      : { 'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: 'sk-sim-cn' }] } };
  return { listen: '127.0.0.1:0', surfaces };
}
