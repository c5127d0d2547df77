import { RequestMemory } from '../chat/request-memory.ts';
import { TokenCalibration } from '../chat/token-calibration.ts';
import type { Clock } from '../clock.ts';
import { type Config, missingCredentialsAdvice } from '../config/index.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { MESSAGES_RULES } from '../dialect/messages/index.ts';
import { BoundedReasoningMemory } from '../dialect/reasoning/bounded-reasoning-memory.ts';
import type { Repair } from '../dialect/repair-request.ts';
import { RULES } from '../dialect/rules/index.ts';
import { toolValidation } from '../dialect/rules/tool-validation.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { AddressCheck } from '../media/fetch-image.ts';
import type { PublicImages } from '../media/public-images.ts';
import { Catalogue } from '../models/catalogue.ts';
import { knownNames, type Names, type Resolution, resolveModel } from '../models/resolve.ts';
import type { ChatParts } from '../pipeline/answer-chat.ts';
import type { State } from '../state.ts';
import type { Sessions } from '../upstreams/kimi-web/session.ts';
import type { Surface } from '../upstreams/surface.ts';
import { CredentialSide } from './credential-side.ts';
import { FileShelf } from './file-shelf.ts';
import { KeyScopes } from './key-scope.ts';
import { ModelLists } from './model-lists.ts';
import { toAccountLimits } from './pool-settings.ts';
import { publicImages } from './public-images.ts';
import { toSearchSettings } from './search-settings.ts';
import { buildSurfaces, type SurfaceSet } from './surfaces.ts';
import { UndecidedKeys } from './undecided-keys.ts';
import { webSessions } from './web-sessions.ts';

/** Names come from clients, so what is remembered of them is bounded. */
const RESOLUTIONS_KEPT = 1_000;

const ALL_REMOVED = 'Every credential was removed. Add one: moongate credentials add, or POST /admin/credentials.';

/** What a configuration has become: surfaces, credentials, names. A new configuration makes a new one. */
export class Runtime {
  readonly config: Config;
  /** The database and what replicas share; it outlives this runtime. */
  readonly state: State;
  readonly side: CredentialSide;
  readonly pool: CredentialPool;
  readonly catalogue: Catalogue;
  readonly reasoning: BoundedReasoningMemory;
  /** How often each rule had to repair what a surface had refused, since the process began. */
  readonly moved: Map<string, number>;
  /** What estimates of tokens are off, learned from answers. */
  readonly tokens: TokenCalibration;
  readonly requests: RequestMemory;
  /** The logins of the web chat; they outlive a change of the configuration. */
  readonly sessions: Sessions;
  readonly #images: PublicImages;
  readonly shelf: FileShelf;
  readonly chat: ChatParts;
  /** Why there is no credential, for the reader; undefined when there is one. */
  advice: string | undefined;
  readonly #set: SurfaceSet;
  readonly #lists: ModelLists;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #resolutions = new Map<string, Resolution>();
  #resolutionsOf = -1;
  readonly #undecided: UndecidedKeys;
  /** What keys with rules may use. */
  readonly scopes = new KeyScopes(this);
  /** Calls that may still need a connection. */
  #calls = 0;
  #idle = () => {};

  constructor(config: Config, clock: Clock, log: Log, state: State, before?: Runtime, mayFetchFrom?: AddressCheck) {
    this.config = config;
    this.state = state;
    this.#clock = clock;
    this.#log = log;
    this.sessions = before?.sessions ?? webSessions(config, { clock, log, state });
    const set = buildSurfaces(config, this.sessions);
    this.#set = set;
    this.side = new CredentialSide(
      {
        ...{ config, clock, log, state, set },
        check: (credential) => this.#lists.check(credential),
        changed: (id) => {
          this.#credentialsChanged();
          const surface = this.pool.has(id) && set.surfaces.get(id);
          if (surface) void this.#lists.refresh(surface);
        },
        forget: (id) => this.sessions.forget(id),
      },
      before?.side,
    );
    this.pool = this.side.pool;
    this.catalogue = before?.catalogue ?? new Catalogue();
    this.requests = before?.requests ?? new RequestMemory();
    this.reasoning = before?.reasoning ?? new BoundedReasoningMemory(clock);
    this.moved = before?.moved ?? new Map();
    this.tokens = before?.tokens ?? new TokenCalibration();
    this.#images = publicImages(config, clock, mayFetchFrom);
    this.advice = this.pool.isEmpty ? missingCredentialsAdvice(config)?.en : undefined;
    this.#undecided = this.#undecidedKeys();
    const parts = { config, clock, log, state, pool: this.pool, catalogue: this.catalogue, surfaces: set.surfaces };
    this.shelf = new FileShelf({ ...parts, chat: () => this.chat, names: () => this.names() }, before?.shelf);
    this.#lists = new ModelLists({ ...parts, refreshMs: config.models.refresh_ms });
    this.chat = this.#chatParts();
  }

  /** Decides the undecided keys, then reads the model lists. Requests may come before it is done. */
  async start(): Promise<void> {
    await this.side.restoring;
    await this.#undecided.start();
    this.side.start();
    await this.#lists.start();
  }

  /** Resolves when a request can be planned: the keys whose account system is unknown have been asked about. */
  get ready(): Promise<void> | undefined {
    return this.side.restoring?.then(() => this.#undecided.deciding) ?? this.#undecided.deciding;
  }

  get surfaces(): ReadonlyMap<string, Surface> {
    return this.#set.surfaces;
  }

  /** The surfaces of a route that have a credential, in order. */
  names(route: readonly string[] = this.config.routes.default): Names {
    const surfaces = route.flatMap((id) => {
      const surface = this.#set.surfaces.get(id);
      return surface && this.pool.has(id) ? [surface] : [];
    });
    const { aliases, model_tiers: tiers } = this.config;
    return { surfaces, aliases, tiers, catalogue: this.catalogue };
  }

  knownModels(): Set<string> {
    return knownNames(this.names());
  }

  resolve(asked: string): Resolution {
    if (this.advice !== undefined) throw new GatewayError('no_credentials', { message: this.advice });
    if (this.#resolutionsOf !== this.catalogue.version) {
      this.#resolutions.clear();
      this.#resolutionsOf = this.catalogue.version;
    }
    const known = this.#resolutions.get(asked);
    if (known) return known;
    const resolution = resolveModel(asked, this.names());
    if (this.#resolutions.size >= RESOLUTIONS_KEPT) this.#resolutions.clear();
    this.#resolutions.set(asked, resolution);
    return resolution;
  }

  /** Keeps the connections until `leave`: for a call until it has what it needs, however many attempts that takes. */
  enter(): void {
    this.#calls++;
  }

  leave(): void {
    if (--this.#calls === 0) this.#idle();
  }

  /** Ends what runs by itself; connections close when the answers on them have ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#lists.stop();
    this.side.stop();
    if (this.#calls > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    void this.pool.drained();
    await this.side.close();
    await Promise.all([this.#set.close(), this.#images.close()]);
  }

  #undecidedKeys(): UndecidedKeys {
    const { config } = this;
    return new UndecidedKeys({
      secrets: config.undecided,
      surfaces: this.#set.surfaces,
      clock: this.#clock,
      signal: this.#stop.signal,
      found: (credential) => {
        const configured = config.surfaces[credential.surface];
        this.pool.add({ ...credential, limits: configured ? toAccountLimits(configured) : {} });
        this.#credentialsChanged();
        this.#log.info({ surface: credential.surface, credential: credential.id }, 'account system found');
      },
      failed: (problem) => {
        this.#log.warn({ why: problem }, 'account system not found');
        if (this.pool.isEmpty) this.advice = problem;
      },
    });
  }

  #credentialsChanged(): void {
    this.#resolutions.clear();
    this.advice = this.pool.isEmpty ? (missingCredentialsAdvice(this.config)?.en ?? ALL_REMOVED) : undefined;
  }

  #chatParts(): ChatParts {
    const { config } = this;
    const disabled = new Set(config.dialect.disabled);
    const rules = RULES.filter(({ id }) => !disabled.has(id));
    return {
      clock: this.#clock,
      pool: this.pool,
      preparation: {
        rules: rules.filter((rule) => rule !== toolValidation),
        alwaysStream: config.stream_upstream === 'always',
        defaults: Object.entries(config.defaults).filter(([, value]) => value !== undefined),
      },
      validatingRules: rules,
      messagesRules: MESSAGES_RULES.filter(({ id }) => !disabled.has(id)),
      reasoning: this.reasoning,
      images: this.#images,
      tokens: this.tokens,
      files: this.shelf.chat,
      search: toSearchSettings(config),
      maxRounds: config.retries.attempts,
      maxTries: config.retries.tries,
      withinMs: config.retries.within_ms,
      firstPauseMs: config.retries.first_ms,
      longestPauseMs: config.retries.most_ms,
      queueMs: config.timeouts.queue_ms,
      choicesLimit: config.limits.choices,
      eventLimit: config.limits.event_bytes,
      answerLimit: config.limits.answer_bytes,
      defaultModel: config.models.default,
      onMoved: (repairs, refusal) => this.#noteMoved(repairs, refusal),
      resolve: (asked) => this.resolve(asked),
      surface: (id) => {
        const surface = this.#set.surfaces.get(id);
        if (surface) return surface;
        throw new GatewayError('internal', { message: `There is no surface ${id}.` });
      },
    };
  }

  #noteMoved(repairs: readonly Repair[], refusal: string): void {
    const rules = repairs.map(({ rule }) => rule);
    for (const rule of rules) this.moved.set(rule, 1 + (this.moved.get(rule) ?? 0));
    const times = Object.fromEntries(rules.map((rule) => [rule, this.moved.get(rule)]));
    this.#log.warn({ rules, times, refusal }, 'the dialect has moved: repaired after a refusal');
  }
}
