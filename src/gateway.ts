import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config/index.ts';
import { Conversations } from './conversations/conversations.ts';
import { Keys } from './keys/keys.ts';
import type { CallFacts } from './ledger/call-facts.ts';
import { Ledger } from './ledger/ledger.ts';
import { type Log, silentLog } from './log.ts';
import type { LogTail } from './log-tail.ts';
import { type KeptResponses, keepResponses } from './responses/kept-responses.ts';
import type { CredentialDesk } from './runtime/credential-desk.ts';
import { toLedgerSettings } from './runtime/ledger-settings.ts';
import { ReasoningStore } from './runtime/reasoning-store.ts';
import { Runtime } from './runtime/runtime.ts';
import { handle } from './server/app.ts';
import type { Inbound, Reply } from './server/exchange.ts';
import { fetchReply } from './server/fetch.ts';
import { createGuard, type Guard, type GuardParts } from './server/guard.ts';
import { Lockout } from './server/lockout.ts';
import { createNodeServer, type NodeServer } from './server/node.ts';
import { Recording } from './server/recording.ts';
import type { RouteContext } from './server/route.ts';
import { createState, mayHoldRows, type State } from './state.ts';

export interface GatewayParts {
  readonly config: Config;
  readonly clock?: Clock;
  readonly log?: Log;
  /** What `log` wrote last, for GET /admin/logs. */
  readonly logs?: LogTail;
  /** The configured surfaces are the simulator's; every answer says so. */
  readonly simulated?: boolean;
  /** False: only the keys of the configuration count. For the owner's own commands, which have no issued key. */
  readonly issuedKeys?: boolean;
  /** Whether pictures may be fetched from this address; tests let loopback in. Default: the public internet only. */
  readonly mayFetchFrom?: (address: string) => boolean;
}

/** The composition root: a configuration becomes a running gateway. */
export class Gateway {
  #runtime: Runtime;
  #guard: Guard;
  readonly #guardParts: GuardParts;
  /** Those that were issued, and what keys may do and have spent. */
  readonly keys: Keys;
  #stopping = false;
  /** Resolves when the undecided keys are decided and every surface has been asked for its models. Never rejects. */
  readonly started: Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #logs: LogTail | undefined;
  readonly #simulated: boolean;
  /** Outlive a change of the configuration. */
  readonly #conversations: Conversations;
  readonly #responses: KeptResponses;
  readonly #startedAt: number;
  readonly #state: State;
  readonly #ledger: Ledger;
  readonly #reasoningStore: ReasoningStore | undefined;
  readonly #mayFetchFrom: GatewayParts['mayFetchFrom'];

  constructor({
    config,
    clock = systemClock,
    log = silentLog,
    logs,
    simulated = false,
    issuedKeys = true,
    mayFetchFrom,
  }: GatewayParts) {
    this.#clock = clock;
    this.#log = log;
    this.#logs = logs;
    this.#simulated = simulated;
    this.#startedAt = clock.now();
    this.#state = createState(config, clock, log);
    this.#mayFetchFrom = mayFetchFrom;
    this.#runtime = this.#newRuntime(config);
    this.#ledger = new Ledger({ database: this.#state.database, clock, log }, toLedgerSettings(config));
    const { reasoning } = this.#runtime;
    const keeping = { database: this.#state.database, memory: reasoning, clock, log };
    this.#reasoningStore = config.reasoning.store ? new ReasoningStore(keeping) : undefined;
    const mayHold = issuedKeys && mayHoldRows(config);
    this.keys = new Keys({ ...this.#state, clock, log, config: () => this.#runtime.config, mayHold });
    this.#guardParts = {
      keyring: this.keys.ring,
      clock,
      adminLockout: new Lockout(clock, 'admin_locked'),
      lockout: new Lockout(clock, 'key_locked'),
    };
    this.#guard = createGuard(config, this.#guardParts);
    this.#conversations = new Conversations({
      ...{ database: this.#state.database, coordination: this.#state.coordination, clock, log },
      settings: () => this.#runtime.config.conversations,
      mayHold,
    });
    this.#responses = keepResponses(this.#state.database, clock, () => this.#runtime.config.responses);
    if (issuedKeys) void this.keys.ring.start();
    this.started = this.#begin(this.#runtime);
  }

  /** What is remembered of dialogues. */
  get conversations(): Conversations {
    return this.#conversations;
  }

  get runtime(): Runtime {
    return this.#runtime;
  }

  /** The credentials, to look at and to change while the gateway runs. */
  get credentials(): CredentialDesk {
    return this.#runtime.side.desk;
  }

  /** Answers a web request in process: `new OpenAI({ fetch: gateway.fetch })`. */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    return fetchReply(request, this.#clock, (inbound) => this.handle(inbound));
  };

  handle(inbound: Inbound): Promise<Reply> {
    const bytes = this.#ledger.bodiesBytes;
    if (bytes > 0) return this.#handleRecorded(inbound, new Recording(bytes));
    return handle(inbound, this.#guard, this.#context(undefined));
  }

  /** Not listening yet: call `server.listen`. */
  createServer(): NodeServer {
    const node = createNodeServer({
      clock: this.#clock,
      bodyTimeoutMs: () => this.#runtime.config.timeouts.body_ms,
      handle: (inbound) => this.handle(inbound),
      finished: (inbound, reply, complete, ms) => this.#finished(inbound, reply, complete, ms),
    });
    node.server.maxConnections = this.#runtime.config.limits.connections;
    return {
      server: node.server,
      stop: (limitMs) => {
        this.#stopping = true;
        this.#logs?.close();
        return node.stop(limitMs);
      },
    };
  }

  /** From the next request on the new configuration holds; running ones end under the old one. */
  reconfigure(config: Config): void {
    const before = this.#runtime;
    this.#runtime = this.#newRuntime(config, before);
    this.#ledger.configure(toLedgerSettings(config));
    this.#guard = createGuard(config, this.#guardParts);
    void this.#start(this.#runtime);
    void before.close();
  }

  /** Ends what runs by itself. Answers that are under way end first. */
  async close(): Promise<void> {
    await this.#responses.runs.close();
    await this.#runtime.close();
    await this.keys.close();
    await this.#ledger.close();
    await this.#reasoningStore?.close();
    await this.#conversations.close();
    await this.#state.close();
    this.#log.flush();
  }

  #newRuntime(config: Config, before?: Runtime): Runtime {
    return new Runtime(config, this.#clock, this.#log, this.#state, before, this.#mayFetchFrom);
  }

  async #begin(runtime: Runtime): Promise<void> {
    await this.#reasoningStore?.start();
    await this.#start(runtime);
  }

  async #start(runtime: Runtime): Promise<void> {
    await runtime.start().catch((cause: unknown) => this.#log.error({ err: cause }, 'start failed'));
  }

  async #handleRecorded(inbound: Inbound, recording: Recording): Promise<Reply> {
    const context = this.#context(recording);
    return recording.reply(await handle(recording.inbound(inbound), this.#guard, context));
  }

  #context(recording: Recording | undefined): RouteContext {
    return {
      runtime: this.#runtime,
      state: this.#state,
      clock: this.#clock,
      conversations: this.#conversations,
      responses: this.#responses,
      log: this.#log,
      logs: this.#logs,
      simulated: this.#simulated,
      startedAt: this.#startedAt,
      stopping: this.#stopping,
      keys: this.keys,
      ledger: this.#ledger,
      owner: 'local',
      key: undefined,
      permit: undefined,
      limits: undefined,
      protocol: undefined,
      asked: undefined,
      answeredAt: 0,
      recording,
    };
  }

  #finished(inbound: Inbound, reply: Reply, complete: boolean, ms: number): void {
    const { error, context } = reply;
    // What ended before anybody read it.
    context?.permit?.abandon();
    const facts = reply.log?.() ?? NO_FACTS;
    // One object of one shape; members without a value are not written.
    const fields = {
      id: inbound.requestId,
      method: inbound.method,
      path: inbound.path,
      status: reply.status,
      ms: Math.round(ms * 10) / 10,
      client: complete ? undefined : 'left',
      code: error?.code,
      why: error?.message,
    };
    if (reply.status >= 500) this.#log.warn({ ...fields, ...facts }, 'answered');
    else this.#log.request(fields, facts);
    if (context?.protocol === undefined) return;
    this.#ledger.add({
      id: inbound.requestId,
      at: this.#clock.now(),
      key: context.owner,
      protocol: context.protocol,
      asked: context.asked,
      status: reply.status,
      code: error?.code ?? facts.code,
      complete,
      firstMs: context.answeredAt - inbound.arrivedAt,
      totalMs: ms,
      facts,
      bodies: context.recording,
    });
  }
}

const NO_FACTS: CallFacts = {};
