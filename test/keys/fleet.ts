import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/index.ts';
import { Gateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/log.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { CN_KEY, type Settings } from '../setup.ts';

const ACCOUNTS = [{ keys: CN_KEY, host: 'cn' as const, id: 'org-cn', limits: { concurrency: 1_000, rpm: 100_000 } }];

/** Gateways that share what `settings` names, before one simulator. */
export interface Fleet extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly gateways: readonly Gateway[];
  /** The next gateway in turn, or the one that is named. */
  chat(key: string, more?: Settings, at?: number): Promise<Response>;
  /** Any other path, at the next gateway in turn. */
  call(path: string, init: RequestInit): Promise<Response>;
  /** With a member's admin key. */
  admin(
    path: string,
    init?: { readonly method?: string; readonly body?: unknown; readonly at?: number },
  ): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came is looked at by the test.
  readonly body: any;
}

export const ADMIN_KEY = 'admin-key-0123456789abcdef';

export interface FleetClock {
  readonly now?: () => number;
  /** By how much waits are shorter than they say. */
  readonly haste?: number;
}

export async function startFleet(
  members: number,
  settings: Settings = {},
  { now = systemClock.now, haste = 1 }: FleetClock = {},
): Promise<Fleet> {
  const simulator = await startSimulator({ accounts: ACCOUNTS, callsKept: 5_000 });
  const folder = mkdtempSync(join(tmpdir(), 'moongate-fleet-'));
  const written = {
    listen: '127.0.0.1:0',
    data: join(folder, 'data'),
    admin_key: ADMIN_KEY,
    ledger: { enabled: false },
    routes: { default: ['moonshot-cn'] },
    surfaces: {
      'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY, limits: { concurrency: 1_000 } }] },
    },
    ...settings,
  };
  writeFileSync(join(folder, 'moongate.yaml'), JSON.stringify(written));
  const { config } = loadConfig({ cwd: folder, env: {} });
  const after = (ms: number, action: () => void) => systemClock.after(ms / haste, action);
  const clock = { ...systemClock, now, after };
  const gateways = Array.from({ length: members }, () => new Gateway({ config, clock, log: silentLog }));
  await Promise.all(gateways.map(({ started, keys }) => Promise.all([started, keys.ring.start()])));
  let turn = 0;
  const call = (path: string, init: RequestInit, at: number | undefined) => {
    const gateway = gateways[at ?? turn++ % members];
    if (!gateway) throw new Error('there is no such member');
    return gateway.fetch(`http://moongate${path}`, init);
  };
  return {
    simulator,
    gateways,
    chat: (key, more = {}, at) =>
      call(
        '/v1/chat/completions',
        {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'kimi-k2.6', messages: [{ role: 'user', content: 'sim: say hi' }], ...more }),
        },
        at,
      ),
    call: (path, init) => call(path, init, undefined),
    async admin(path, { method = 'GET', body, at } = {}) {
      const init = { method, headers: { 'x-admin-key': ADMIN_KEY } };
      const response = await call(
        `/admin/keys${path}`,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
        at,
      );
      return { status: response.status, body: await response.json() };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The status of each, and nothing of their bodies left open. */
export function statuses(responses: readonly Promise<Response>[]): Promise<readonly number[]> {
  return Promise.all(
    responses.map(async (coming) => {
      const response = await coming;
      await response.text();
      return response.status;
    }),
  );
}

export const says = (line: string): Settings => ({ messages: [{ role: 'user', content: line }] });
