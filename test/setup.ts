import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { type LoadedConfig, loadConfig } from '../src/config/index.ts';
import { Gateway } from '../src/gateway.ts';
import { createLog } from '../src/log.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator/index.ts';
import { checkAnthropicShape } from './anthropic-schema.ts';
import { checkShape } from './openai-schema.ts';
import { until } from './until.ts';
import { type CountedClock, countedClock } from './virtual-clock.ts';

/** The simulator's accounts in these tests. The keys are looked for in everything that the gateway says. */
export const CN_KEY = 'sk-rig-cn-0f8e7d6c5b4a39281706';
export const CN_KEY_2 = 'sk-rig-cn-second-99887766554433';
export const AI_KEY = 'sk-rig-ai-1a2b3c4d5e6f70819203';
const SECRETS = [CN_KEY, CN_KEY_2, AI_KEY];

const ACCOUNTS: SimulatorOptions['accounts'] = [
  { keys: CN_KEY, host: 'cn', id: 'org-cn' },
  { keys: CN_KEY_2, host: 'cn', id: 'org-cn-2' },
  { keys: AI_KEY, host: 'ai', id: 'org-ai' },
];

/** A file and a thread for each rig would cost more than most tests; those of the ledger turn it on. */
const NO_LEDGER: Settings = { ledger: { enabled: false } };

export type Door = 'socket' | 'memory';

export interface RigOptions {
  /** How `rig.fetch` gets in; default over a socket. */
  readonly door?: Door;
  /** Members of moongate.yaml; `surfaces` replaces the rig's own. */
  readonly config?: Settings | ((simulator: Simulator) => Settings);
  readonly env?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
  readonly clock?: CountedClock;
  readonly simulated?: boolean;
  readonly mayFetchFrom?: (address: string) => boolean;
  /** Further secrets that must not be seen. */
  readonly secrets?: readonly string[];
}

export type Settings = Readonly<Record<string, unknown>>;

/** A gateway in front of a simulator. Leaving it fails if something is left behind or a secret was seen. */
export interface Rig extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or a made-up name in memory. */
  readonly url: string;
  /** The base URL for clients. */
  readonly base: string;
  readonly port: number;
  readonly simulator: Simulator;
  readonly gateway: Gateway;
  readonly server: Server;
  readonly clock: CountedClock;
  readonly logs: readonly string[];
  /** For clients: what comes back is checked against the published shapes of OpenAI or Anthropic. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** POST /v1/chat/completions; text is the one user message. */
  chat(said: string | Settings, init?: RequestInit): Promise<Response>;
  /** Loads another configuration with the rig's surfaces. */
  load(config: Settings): LoadedConfig;
  stop(limitMs: number): Promise<void>;
}

/** Every HTTP test runs over a socket and in memory. */
export function describeMatrix(name: string, tests: (door: Door) => void): void {
  describe.each<{ door: Door }>([{ door: 'socket' }, { door: 'memory' }])(`${name} ($door)`, ({ door }) => tests(door));
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { door = 'socket', clock = countedClock() } = options;
  const simulator = await startSimulator({ accounts: ACCOUNTS ?? [], ...options.simulator });
  const settings = typeof options.config === 'function' ? options.config(simulator) : (options.config ?? {});
  // Made by whoever first writes something.
  const data = join(tmpdir(), `moongate-data-${randomUUID()}`);
  const load = (more: Settings) =>
    loadSettings({ surfaces: platform(simulator), data, ...NO_LEDGER, ...more }, options.env ?? {});
  const logs: string[] = [];
  const log = createLog({ level: 'debug', pretty: false, destination: { write: (line: string) => logs.push(line) } });
  const { simulated = false, mayFetchFrom } = options;
  const parts = { config: load(settings).config, clock, log, simulated };
  const gateway = new Gateway({ ...parts, ...(mayFetchFrom ? { mayFetchFrom } : {}) });
  const node = gateway.createServer();
  await new Promise<void>((resolve) => node.server.listen(0, '127.0.0.1', resolve));
  const { port } = node.server.address() as AddressInfo;
  await until(() => gateway.runtime.config !== undefined && !starting(gateway, simulator, logs), 'the model lists');
  const url = door === 'socket' ? `http://127.0.0.1:${port}` : 'http://moongate.test';
  const witness = new Witness([...SECRETS, ...(options.secrets ?? [])]);
  const enter = door === 'socket' ? fetch : gateway.fetch;
  const checkedFetch: Rig['fetch'] = async (input, init) => witness.watch(input, init, await enter(input, init));
  const get = (path: string, init?: RequestInit) => checkedFetch(`${url}${path}`, init);
  const base = { url, base: `${url}/v1`, port, simulator, gateway, server: node.server, clock, logs };
  return {
    ...base,
    fetch: checkedFetch,
    get,
    chat: (said, init) => get('/v1/chat/completions', post(said, init)),
    load,
    stop: (limitMs) => node.stop(limitMs),
    async [Symbol.asyncDispose]() {
      try {
        await checkLeaks(base, () => node.stop(2_000));
        witness.check(logs);
      } finally {
        await simulator.close();
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
}

/** The model lists are read at start; a test that counts calls or timers begins behind that. */
function starting({ runtime }: Gateway, simulator: Simulator, logs: readonly string[]): boolean {
  if (runtime.config.undecided.length > 0) return false;
  const asked = [...runtime.surfaces.values()].filter(
    ({ id, origin }) => runtime.pool.has(id) && origin === simulator.url,
  );
  return asked.some(
    ({ id }) => !runtime.catalogue.list(id) && !logs.some((line) => line.includes('list could') && line.includes(id)),
  );
}

export function post(said: string | Settings, init: RequestInit = {}): RequestInit {
  const body = typeof said === 'string' ? { model: 'kimi-k2.6', messages: [{ role: 'user', content: said }] } : said;
  return {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  };
}

export function platform(simulator: Simulator, keys: readonly string[] = [CN_KEY]): Settings {
  return {
    'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: keys.map((key) => ({ key })) },
    'moonshot-ai': { base_url: simulator.aiBaseUrl, credentials: [{ key: AI_KEY }] },
  };
}

function loadSettings(settings: Settings, env: Readonly<Record<string, string>>): LoadedConfig {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-test-'));
  try {
    writeFileSync(join(folder, 'moongate.yaml'), JSON.stringify({ listen: '127.0.0.1:0', ...settings }));
    return loadConfig({ cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Parts = Pick<Rig, 'gateway' | 'server' | 'simulator' | 'clock'>;

/** What was lent is back, no connection and no timer is left. */
async function checkLeaks({ gateway, server, clock }: Parts, stop: () => Promise<void>): Promise<void> {
  const { pool } = gateway.runtime;
  await until(() => pool.inFlight === 0, 'credentials are still lent');
  await stop();
  const connections = () =>
    new Promise<number>((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))));
  await until(async () => (await connections()) === 0, 'the gateway has open connections');
  await gateway.close();
  await until(() => clock.pending === 0, 'the gateway has timers');
}

/** Sees everything that the gateway says: shapes are checked at once, secrets at the end. */
class Witness {
  readonly #secrets: readonly string[];
  readonly #seen: string[] = [];
  readonly #problems: unknown[] = [];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  watch(input: string | URL | Request, init: RequestInit | undefined, response: Response): Response {
    const path = new URL(input instanceof Request ? input.url : input).pathname.replace(/\/$/, '');
    const headers = new Headers(input instanceof Request ? input.headers : init?.headers);
    const isAnthropic =
      (path.includes('/messages') && !path.includes('/conversations/')) || headers.has('anthropic-version');
    this.#seen.push(JSON.stringify([...response.headers]));
    if (response.body === null) return response;
    const decoder = new TextDecoder();
    let text = '';
    const spy = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        text += decoder.decode(bytes, { stream: true });
        controller.enqueue(bytes);
      },
      flush: () => {
        this.#seen.push(text);
        this.#check(path, isAnthropic, response, text);
      },
    });
    return new Response(response.body.pipeThrough(spy), response);
  }

  check(logs: readonly string[]): void {
    if (this.#problems.length > 0) throw this.#problems[0];
    const said = [...this.#seen, ...logs];
    const leak = said.find((text) => this.#secrets.some((secret) => text.includes(secret)));
    if (leak !== undefined) throw new Error(`a secret was seen: ${leak.slice(0, 2_000)}`);
  }

  #check(path: string, isAnthropic: boolean, response: Response, text: string): void {
    try {
      const isOurs = !['/healthz', '/readyz', '/metrics', ''].includes(path) && !path.startsWith('/admin/');
      const check = isAnthropic ? checkAnthropicShape : checkShape;
      if (isOurs) check(path, response.status, response.headers.get('content-type') ?? '', text);
    } catch (problem) {
      this.#problems.push(
        new Error(`${path} answered in no shape that is documented: ${text.slice(0, 1_000)}`, { cause: problem }),
      );
    }
  }
}
