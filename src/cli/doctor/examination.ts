import type { Clock } from '../../clock.ts';
import { type Config, type LoadedConfig, loadConfig } from '../../config/index.ts';
import type { Credential, SecretLike } from '../../credential.ts';
import { GatewayError } from '../../errors.ts';
import { silentLog } from '../../log.ts';
import type { ListedModel } from '../../models/catalogue.ts';
import { buildSurfaces, type SurfaceSet } from '../../runtime/surfaces.ts';
import { decideSurface } from '../../runtime/undecided-keys.ts';
import { webSessions } from '../../runtime/web-sessions.ts';
import { createState, type State } from '../../state.ts';
import type { Place } from '../../upstreams/adapter.ts';
import type { Surface } from '../../upstreams/surface.ts';
import { Failure } from '../command.ts';
import { addressOf, healthAt } from '../gateway-health.ts';
import type { Bilingual } from '../language.ts';

export interface ExaminationOptions {
  readonly file: string | undefined;
  readonly data: string | undefined;
  /** Nobody beyond this machine is asked. */
  readonly isOffline: boolean;
  /** The model that the user asks about. */
  readonly model: string | undefined;
  /** How long one call may take, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const SHORTEST_SECRET = 6;

/** Where a key belongs, or why nobody knows. */
export type Decision = { readonly mask: string } & Awaited<ReturnType<typeof decideSurface>>;

const INVALID: Bilingual = { en: 'The configuration is not valid.', zh: '配置无效。' };

/** What the checks look at: the configuration as it is on disk, its surfaces and their credentials, without a gateway. */
export class Examination {
  readonly options: ExaminationOptions;
  /** Requests that count against quotas and balances may be sent. */
  maySpend = false;
  readonly loaded: LoadedConfig | undefined;
  /** Why there is no configuration. */
  readonly problem: GatewayError | undefined;
  /** Surfaces of which the network checks have shown that nobody can reach them. */
  readonly unreachable = new Set<string>();
  /** Ids of the credentials that were found to be good for nothing. */
  readonly refused = new Set<string>();
  /** Keys of which nobody has said where they belong, as soon as that is found out. */
  readonly #decided: Credential[] = [];
  #decisions: Promise<readonly Decision[]> | undefined;
  #held: Promise<readonly Credential[]> | undefined;
  readonly #set: SurfaceSet | undefined;
  readonly #state: State | undefined;
  readonly #lists = new Map<string, Promise<readonly ListedModel[]>>();

  constructor(options: ExaminationOptions) {
    this.options = options;
    try {
      // Keys that were issued at run time may open the address; `moongate serve` counts them.
      this.loaded = loadConfig({ file: options.file, flags: { data: options.data } });
    } catch (thrown) {
      this.problem = GatewayError.from(thrown);
    }
    const config = this.loaded?.config;
    // Replicas keep what they renew where this finds it: the configured login may be void by now.
    this.#state = config?.database && createState(config, options.clock, silentLog);
    this.#set =
      config &&
      buildSurfaces(config, webSessions(config, { clock: options.clock, log: silentLog, state: this.#state }));
  }

  /** Throws where the configuration is not valid; the checks that need it are not run then. */
  get config(): Config {
    if (this.loaded === undefined) throw this.problem ?? new Failure(INVALID, { code: 'config_invalid' });
    return this.loaded.config;
  }

  /** All enabled ones, with or without credentials. */
  get allSurfaces(): ReadonlyMap<string, Surface> {
    return this.#set?.surfaces ?? new Map();
  }

  get credentials(): readonly Credential[] {
    return [...(this.#set?.credentials ?? []), ...this.#decided];
  }

  /** The surfaces that are of use: enabled, with a credential, or with a key that may be theirs. */
  get surfaces(): readonly Surface[] {
    const hasUndecided = this.loaded !== undefined && this.loaded.config.undecided.length > 0;
    const isUsed = ({ id, kind }: Surface) =>
      this.credentials.some(({ surface }) => surface === id) || (hasUndecided && kind === 'platform');
    return [...this.allSurfaces.values()].filter(isUsed);
  }

  /** Asks both account systems about each key whose own is not known, once. */
  decide(): Promise<readonly Decision[]> {
    this.#decisions ??= Promise.all(this.config.undecided.map((secret, at) => this.#decide(secret, at + 1)));
    return this.#decisions;
  }

  async #decide(secret: SecretLike, number: number): Promise<Decision> {
    const { clock, signal } = this.options;
    const hosts = new Map([...this.allSurfaces].filter(([id]) => !this.unreachable.has(id)));
    const decision = await decideSurface(secret, number, hosts, clock, signal);
    if ('credential' in decision) this.#decided.push(decision.credential);
    return { mask: `${secret}`, ...decision };
  }

  /**
   * Log-ins of the web chat while a gateway runs here: any call may renew one, and a token that somebody else renewed is
   * void for the gateway.
   */
  held(): Promise<readonly Credential[]> {
    this.#held ??= this.#findHeld();
    return this.#held;
  }

  async #findHeld(): Promise<readonly Credential[]> {
    const own = this.credentials.filter(({ surface }) => this.allSurfaces.get(surface)?.kind === 'web');
    if (own.length === 0) return [];
    const health = await healthAt(addressOf(this.config));
    // A demo holds nothing but the simulator's.
    return health === undefined || health.mode === 'demo' ? [] : own;
  }

  /** Surfaces with a credential that can be reached, each with the credentials that are asked. */
  async places(): Promise<readonly { readonly surface: Surface; readonly credentials: readonly Credential[] }[]> {
    await this.decide();
    const held = await this.held();
    return this.surfaces.flatMap((surface) => {
      const credentials = this.credentials.filter((one) => one.surface === surface.id && !held.includes(one));
      return credentials.length === 0 || this.unreachable.has(surface.id) ? [] : [{ surface, credentials }];
    });
  }

  /** A call with the patience of an examination. */
  placeOf(surface: Surface, credential: Credential): Place {
    const { timeoutMs, clock, signal } = this.options;
    const timeouts = { firstByteMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs };
    return { surface: { ...surface, timeouts }, credential, clock, signal };
  }

  /** What the surface offers to the credential; asked once. */
  models(surface: Surface, credential: Credential): Promise<readonly ListedModel[]> {
    const known = this.#lists.get(credential.id);
    if (known !== undefined) return known;
    const asked = surface.adapter.listModels(this.placeOf(surface, credential));
    this.#lists.set(credential.id, asked);
    return asked;
  }

  /** What must not be printed, whoever says it. */
  get secrets(): readonly { readonly value: string; readonly mask: string }[] {
    const config = this.loaded?.config;
    const own = this.credentials.flatMap(({ secret, headers, surface, hidden = [] }) => {
      // Under which name a surface is called is what `identity` tells.
      const names = [headers['user-agent'], this.allSurfaces.get(surface)?.headers['user-agent']];
      return [
        { value: secret.reveal(), mask: `${secret}` },
        ...hidden.filter((value) => !names.includes(value)).map((value) => ({ value, mask: '***' })),
      ];
    });
    const other = config ? [...config.undecided, ...config.keys.map(({ key }) => key), config.admin_key] : [];
    const more = other.flatMap((one) => (one === undefined ? [] : [{ value: one.reveal(), mask: `${one}` }]));
    // What is shorter is no secret, and would be found in every second word.
    return [...own, ...more].filter(({ value }) => value.length >= SHORTEST_SECRET);
  }

  async close(): Promise<void> {
    await this.#set?.close();
    await this.#state?.close();
  }
}
