import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Account } from './accounts/account.ts';
import { AccountBook, DEFAULT_ACCOUNTS } from './accounts/account-book.ts';
import { RecordedCall, remember } from './calls.ts';
import { Exchange, HangUp } from './exchange.ts';
import { type FaultOrder, FaultQueue } from './fault-queue.ts';
import { Reset } from './faults.ts';
import { DeviceLogins } from './kimi-code/device-logins.ts';
import { DeviceRoutes } from './kimi-code/device-routes.ts';
import { KimiCode } from './kimi-code/kimi-code.ts';
import { type Subscription, Subscriptions } from './kimi-code/subscription.ts';
import { KimiWeb } from './kimi-web/kimi-web.ts';
import type { WebAccount } from './kimi-web/web-account.ts';
import { DEFAULT_WEB_ACCOUNTS, WebAccountBook } from './kimi-web/web-account-book.ts';
import { WebChats } from './kimi-web/web-chat.ts';
import { type Settings, type SimulatorOptions, settingsOf } from './options.ts';
import { Platform } from './platform/platform.ts';
import { PlatformMessages } from './platform/platform-messages.ts';
import { notFound, Refusal } from './refusal.ts';
import { ScriptMemory } from './script/play.ts';
import { SimulatedWeb } from './simulated-web.ts';
import type { Surface } from './surface.ts';

/** A running simulator. */
export class Simulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly cnBaseUrl: string;
  readonly aiBaseUrl: string;
  readonly codeBaseUrl: string;
  readonly codeGlobalBaseUrl: string;
  /** The host at which devices log in to Kimi Code. */
  readonly codeAuthUrl: string;
  /** The web chat, and the host that renews its tokens. */
  readonly webBaseUrl: string;
  /** The last calls, oldest first. */
  readonly calls: readonly RecordedCall[];
  readonly #core: Core;

  constructor(core: Core) {
    const { address, family, port } = core.server.address() as AddressInfo;
    this.#core = core;
    this.url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    this.cnBaseUrl = `${this.url}/cn/v1`;
    this.aiBaseUrl = `${this.url}/ai/v1`;
    this.codeBaseUrl = `${this.url}/coding/v1`;
    this.codeGlobalBaseUrl = `${this.url}/coding-global/v1`;
    this.codeAuthUrl = `${this.url}/code-auth`;
    this.webBaseUrl = `${this.url}/web`;
    this.calls = core.calls;
  }

  /** The account of a key, to look at or to change: balance, limits, entitlements, suspension. */
  account(key: string): Account {
    const account = this.#core.book.find(key);
    if (account === undefined) throw new Error(`no account has the key ${key}`);
    return account;
  }

  /** The subscription behind a key of Kimi Code: quotas, concurrency, membership. */
  subscription(key: string): Subscription {
    return this.#core.subscriptions.of(this.account(key));
  }

  /** An account of the web chat by its id, to log in, to log out, or to block. */
  webAccount(id = 'owner'): WebAccount {
    const account = this.#core.webAccounts.find(id);
    if (account === undefined) throw new Error(`there is no web account ${id}`);
    return account;
  }

  /** Log-ins of devices at Kimi Code, to approve or to deny. */
  get deviceLogins(): DeviceLogins {
    return this.#core.logins;
  }

  /** What searches find. */
  get web(): SimulatedWeb {
    return this.#core.web;
  }

  /** Lets the next requests fail. */
  fail(order: FaultOrder): void {
    this.#core.faults.add(order);
  }

  /** Down: every socket is destroyed, and every new one at once. */
  setDown(isDown: boolean): void {
    this.#core.isDown = isDown;
    if (isDown) for (const socket of this.#core.sockets) socket.destroy();
  }

  /** Forgets calls, ordered faults, played scripts, pages, web chats and cached prefixes; accounts keep their state. */
  reset(): void {
    this.#core.calls.length = 0;
    this.#core.faults.clear();
    this.#core.memory.clear();
    this.#core.webChats.clear();
    this.#core.web.reset();
    for (const account of this.#core.book.all()) account.cache.clear();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#core.server.close(() => resolve()));
    for (const socket of this.#core.sockets) socket.destroy();
    await closed;
  }
}

/** The parts behind a simulator. */
interface Core {
  readonly server: Server;
  readonly book: AccountBook;
  readonly webAccounts: WebAccountBook;
  readonly webChats: WebChats;
  readonly memory: ScriptMemory;
  readonly web: SimulatedWeb;
  readonly faults: FaultQueue;
  readonly settings: Settings;
  readonly calls: RecordedCall[];
  readonly sockets: Set<Socket>;
  readonly subscriptions: Subscriptions;
  readonly logins: DeviceLogins;
  readonly surfaces: readonly Surface[];
  isDown: boolean;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settingsOf(options);
  const { cacheTtlMs, rateLimitTexts } = options;
  const book = new AccountBook(options.accounts ?? DEFAULT_ACCOUNTS, { now: settings.now, cacheTtlMs, rateLimitTexts });
  const memory = new ScriptMemory();
  const subscriptions = new Subscriptions(settings.now);
  const parts = { book, memory, settings, web: new SimulatedWeb() };
  const logins = new DeviceLogins(book, settings.now);
  const code = { ...parts, subscriptions, logins };
  const webAccounts = new WebAccountBook(options.webAccounts ?? DEFAULT_WEB_ACCOUNTS, settings.now);
  const webChats = new WebChats();
  const webChat = new KimiWeb({ accounts: webAccounts, chats: webChats, memory, settings });
  const core: Core = {
    ...parts,
    ...{ webAccounts, webChats },
    server: createServer({ noDelay: true }),
    faults: new FaultQueue(),
    calls: [],
    sockets: new Set(),
    subscriptions,
    logins,
    surfaces: [
      new Platform('cn', parts),
      new Platform('ai', parts),
      new PlatformMessages('cn', parts),
      new PlatformMessages('ai', parts),
      new KimiCode('code', code),
      new KimiCode('code-global', code),
      new DeviceRoutes(logins),
      webChat,
    ],
    isDown: false,
  };
  core.server.on('connection', (socket) => track(core, socket));
  core.server.on('request', (request, response) => void serve(core, request, response));
  await new Promise<void>((resolve, reject) => {
    core.server.once('error', reject);
    core.server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return new Simulator(core);
}

function track(core: Core, socket: Socket): void {
  if (core.isDown) {
    socket.destroy();
    return;
  }
  core.sockets.add(socket);
  socket.on('close', () => core.sockets.delete(socket));
}

async function serve(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = new RecordedCall(request, core.settings.now());
  remember(core.calls, call, core.settings.callsKept);
  const surface = core.surfaces.find(({ prefix }) => call.path.startsWith(`${prefix}/`));
  const path = call.path.slice(surface?.prefix.length ?? 0);
  const exchange = new Exchange(request, response, call, path);
  try {
    const fault = core.faults.take(call);
    if (fault !== undefined || surface === undefined) {
      await exchange.readBody(core.settings.maxBodyBytes);
      throw fault ?? notFound('The requested resource was not found');
    }
    await surface.handle(exchange);
  } catch (error) {
    render(error, exchange);
  }
  core.settings.log?.(`${call.method} ${call.path} ${call.status ?? '-'}`);
}

/** The one place where a failure becomes bytes. */
function render(error: unknown, exchange: Exchange): void {
  if (error instanceof HangUp) return;
  if (error instanceof Reset || exchange.response.headersSent || exchange.gone.aborted) {
    exchange.call.severed = !exchange.gone.aborted;
    exchange.response.destroy();
    return;
  }
  if (!(error instanceof Refusal)) {
    const message = error instanceof Error ? error.message : String(error);
    exchange.sendJson(500, { error: { message: `simulator: ${message}`, type: 'simulator_error' } });
    return;
  }
  const { status, html, headers } = error.facts;
  if (html === undefined) {
    const isAnthropic = status === 400 && exchange.path === '/messages';
    exchange.sendJson(status, isAnthropic ? error.anthropicBody : error.body, headers);
    return;
  }
  exchange.begin(status, { 'content-type': 'text/html', ...headers });
  exchange.response.end(html);
}
