import { randomUUID } from 'node:crypto';
import { type Config, type LoadedConfig, loadConfig } from '../config/index.ts';
import { Secret } from '../config/secret.ts';
import { excluding, Failure, textOption, UsageError } from './command.ts';
import { startDemo } from './demo.ts';
import { addressOf, healthAt } from './gateway-health.ts';
import type { Phrase } from './language.ts';

/** The gateway that a command talks to, be it a running one or one of its own. */
export interface Endpoint {
  /** For the reader: `http://127.0.0.1:8000`, `in process`. */
  readonly label: Phrase;
  /** The configuration of this place, if it could be read. */
  readonly config: Config | undefined;
  readonly warnings: readonly string[];
  /** `path` begins with a slash. Throws GatewayError if nobody answers. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** Resolves when an own gateway has asked its surfaces for their models. */
  readonly informed: Promise<void>;
  close(): Promise<void>;
}

/** A surface that is slow to tell its models is taken for what the catalogue says of it. */
const INFORMED_MS = 5_000;

export async function informedSoon({ informed }: Endpoint): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, INFORMED_MS);
  await Promise.race([informed, late]);
  clearTimeout(timer);
}

type Values = Readonly<Record<string, unknown>>;

const IN_PROCESS: Phrase = { en: 'in process', zh: '本进程内' };

/** By --url, --demo, or else: the configured address if a gateway answers there, and in process if not. */
export async function openEndpoint(values: Values): Promise<Endpoint> {
  const url = textOption(values, 'url');
  const isDemo = values['demo'] === true;
  if (url !== undefined && isDemo) throw new UsageError(excluding('--url', '--demo'));
  if (url !== undefined) return atUrl(url, values);
  if (isDemo) return inDemo(values);
  const loaded = load(values);
  const own = addressOf(loaded.config);
  const health = await healthAt(own);
  if (health === undefined) return inProcess({ loaded, values, label: IN_PROCESS });
  const key = textOption(values, 'key') ?? firstKey(loaded.config);
  return remote({
    base: own,
    key,
    values,
    config: loaded.config,
    label: health.mode === 'demo' ? { en: `${own} (demo)`, zh: `${own}（演示）` } : own,
  });
}

/** The gateway at --url, or the one that answers at the configured address; undefined if none does. */
export async function openRunning(values: Values): Promise<Endpoint | undefined> {
  const url = textOption(values, 'url');
  if (url !== undefined) return atUrl(url, values);
  const { config } = load(values);
  const own = addressOf(config);
  if ((await healthAt(own)) === undefined) return undefined;
  return remote({ base: own, key: undefined, values, config, label: own });
}

/** A gateway in process, whoever else listens: with the configuration of this place, or in a demo. */
export async function openOwnEndpoint(values: Values): Promise<Endpoint> {
  if (values['demo'] === true) return inDemo(values);
  return inProcess({ loaded: load(values), values: {}, label: IN_PROCESS });
}

function load(values: Values): LoadedConfig {
  return loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
}

/** Another's gateway is of use without a configuration here: then a broken one is no obstacle, unless it was named. */
function atUrl(url: string, values: Values): Endpoint {
  const base = baseOf(url);
  let config: Config | undefined;
  try {
    config = load(values).config;
  } catch (thrown) {
    if (values['config'] !== undefined) throw thrown;
  }
  const isOwn = config !== undefined && new URL(base).origin === addressOf(config);
  const key = textOption(values, 'key') ?? (isOwn ? firstKey(config) : undefined);
  return remote({ base, key, values, config, label: base });
}

/** Clients are given `http://host:port/v1`, so people give that here too. */
export function baseOf(url: string): string {
  const parsed = URL.parse(/^[a-z][\w+.-]*:\/\//i.test(url) ? url : `http://${url}`);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new UsageError({
      en: `--url takes an address such as http://127.0.0.1:8000, not "${url}".`,
      zh: `--url 需要形如 http://127.0.0.1:8000 的地址，而不是“${url}”。`,
    });
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`;
}

const firstKey = (config: Config | undefined): string | undefined => config?.keys[0]?.key.reveal();

interface Remote {
  readonly base: string;
  readonly key: string | undefined;
  readonly values: Values;
  readonly config: Config | undefined;
  readonly label: Phrase;
}

function remote({ base, key, values, config, label }: Remote): Endpoint {
  return {
    label,
    config,
    warnings: [],
    informed: Promise.resolve(),
    async call(path, init = {}) {
      try {
        // A redirect would carry the key to another place.
        return await fetch(`${base}${path}`, { ...init, redirect: 'error', headers: headersOf(init, key, values) });
      } catch (cause) {
        if (init.signal?.aborted) throw cause;
        throw unreachable(base, cause);
      }
    },
    close: async () => {},
  };
}

function unreachable(base: string, thrown: unknown): Failure {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new Failure(
    { en: `No gateway can be reached at ${base} (${why}).`, zh: `无法连接 ${base} 上的网关（${why}）。` },
    {
      code: 'upstream_unreachable',
      hint: {
        en: 'Start it with `moongate serve`, or leave out --url to do without one.',
        zh: '用 `moongate serve` 启动网关，或去掉 --url 直接使用。',
      },
      cause,
    },
  );
}

function headersOf({ headers }: RequestInit, key: string | undefined, values: Values): Headers {
  const all = new Headers(headers);
  // The gateway has its advice on refusals in both languages; a program always gets the same.
  if (textOption(values, 'lang') === 'zh' && values['json'] !== true) all.set('accept-language', 'zh');
  if (key !== undefined) all.set('authorization', `Bearer ${key}`);
  return all;
}

async function inDemo(values: Values): Promise<Endpoint> {
  const demo = await startDemo();
  return inProcess({
    loaded: demo.load({ data: values['data'] }),
    values,
    label: { en: 'demo: the simulator answers, not Kimi', zh: '演示：由模拟器而非 Kimi 应答' },
    simulated: true,
    close: () => demo.close(),
  });
}

interface InProcess {
  readonly loaded: LoadedConfig;
  readonly values: Values;
  readonly label: Phrase;
  readonly simulated?: boolean;
  readonly close?: () => Promise<void>;
}

async function inProcess({ loaded, values, label, simulated = false, close }: InProcess): Promise<Endpoint> {
  const { Gateway } = await import('../gateway.ts');
  const { config, warnings } = loaded;
  // Nobody listens, and whoever has the configuration is the owner.
  const listen = { host: '127.0.0.1', port: 0 };
  // Without an admin key of its own the admin paths would be closed where clients need keys.
  const admin = config.admin_key ?? new Secret(randomUUID());
  const gateway = new Gateway({ config: { ...config, listen, admin_key: admin }, simulated, issuedKeys: false });
  const key = textOption(values, 'key') ?? firstKey(config);
  return {
    label,
    config,
    warnings,
    informed: gateway.started,
    call(path, init = {}) {
      const headers = headersOf(init, key, values);
      if (path.startsWith('/admin/') && !headers.has('x-admin-key')) headers.set('x-admin-key', admin.reveal());
      return gateway.fetch(`http://moongate${path}`, { ...init, headers });
    },
    async close() {
      await gateway.close();
      await close?.();
    },
  };
}
