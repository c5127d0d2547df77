import type { Config, KeyRules } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { fitsPattern } from '../models/name-pattern.ts';
import { type Names, type Resolution, resolveModel } from '../models/resolve.ts';
import type { ChatParts } from '../pipeline/answer-chat.ts';
import { rateOf } from './charges.ts';

/** What names mean to a caller: all of a configuration, or what one key may use of it. */
export interface Scope {
  /** Why there is no credential, for the reader; undefined when there is one. */
  readonly advice: string | undefined;
  names(): Names;
  /** Throws unknown_model, and model_not_allowed where only the key stands in the way. */
  resolve(asked: string): Resolution;
}

export interface ScopeParts extends Scope {
  readonly config: Config;
  readonly chat: ChatParts;
  /** The surfaces of a route that have a credential. */
  names(route?: readonly string[]): Names;
}

/** The part of a gateway that a key with rules may use. */
class KeyScope implements Scope {
  readonly chat: ChatParts;
  readonly #runtime: ScopeParts;
  readonly #rules: KeyRules;

  constructor(runtime: ScopeParts, rules: KeyRules) {
    this.#runtime = runtime;
    this.#rules = rules;
    const { chat } = runtime;
    const { surfaces, route } = rules;
    const isBound = surfaces !== undefined || route !== undefined;
    const files = isBound ? chat.files.within(() => this.surfaceIds) : chat.files;
    this.chat = { ...chat, files, resolve: (asked) => this.resolve(asked) };
  }

  get advice(): string | undefined {
    return this.#runtime.advice;
  }

  /** Those that may serve. */
  get surfaceIds(): readonly string[] {
    return this.names().surfaces.map(({ id }) => id);
  }

  names(): Names {
    const { route = 'default', surfaces: allowed } = this.#rules;
    const order = this.#runtime.config.routes[route];
    if (order === undefined) {
      throw new GatewayError('no_credentials', { message: `The route "${route}" of this key is not configured.` });
    }
    const names = this.#runtime.names(order);
    return allowed === undefined
      ? names
      : { ...names, surfaces: names.surfaces.filter(({ id }) => allowed.includes(id)) };
  }

  resolve(asked: string): Resolution {
    if (this.advice !== undefined) throw new GatewayError('no_credentials', { message: this.advice });
    const resolution = this.#resolve(asked);
    if (!this.#mayUse(asked, resolution.model)) throw notAllowed(asked, 'this key may not use it');
    if (this.#rules.budget?.unpriced !== 'refuse') return resolution;
    const priced = resolution.targets.filter(({ surface, model }) => this.#hasPrice(model, surface));
    if (priced.length > 0) return { ...resolution, targets: priced };
    throw notAllowed(asked, 'its price is not known, and this key has a budget');
  }

  #resolve(asked: string): Resolution {
    try {
      return resolveModel(asked, this.names());
    } catch (thrown) {
      // Whether it is the key or the name that is at fault.
      if (GatewayError.from(thrown).code === 'unknown_model' && isServed(asked, this.#runtime)) {
        throw notAllowed(asked, 'no surface that this key may use serves it');
      }
      throw thrown;
    }
  }

  /** By the name that was asked for, or by the model that it means. */
  #mayUse(asked: string, model: string): boolean {
    return this.#rules.models?.some((pattern) => fits(asked, pattern) || fits(model, pattern)) ?? true;
  }

  #hasPrice(model: string, surface: string): boolean {
    const at = this.#runtime.chat.clock.now();
    return rateOf(this.#runtime.config, { surface, model, at }) !== undefined;
  }
}

/** The scopes of one configuration, by the rules that they are made of. */
export class KeyScopes {
  readonly #runtime: ScopeParts;
  readonly #known = new WeakMap<KeyRules, KeyScope>();

  constructor(runtime: ScopeParts) {
    this.#runtime = runtime;
  }

  of(rules: KeyRules): KeyScope {
    const known = this.#known.get(rules);
    if (known) return known;
    const scope = new KeyScope(this.#runtime, rules);
    this.#known.set(rules, scope);
    return scope;
  }
}

/** `moonshot-*` must not mean whatever `moonshot-cn/…` serves: only a pattern with a slash fits names with one. */
function fits(name: string, pattern: string): boolean {
  return fitsPattern(name, pattern) && (pattern === '*' || pattern.includes('/') || !name.includes('/'));
}

function isServed(asked: string, runtime: ScopeParts): boolean {
  try {
    runtime.resolve(asked);
    return true;
  } catch {
    return false;
  }
}

function notAllowed(asked: string, why: string): GatewayError {
  const shown = asked.length > 100 ? `${asked.slice(0, 100)}…` : asked;
  return new GatewayError('model_not_allowed', {
    message: `The model '${shown}' cannot be used: ${why}.`,
    param: 'model',
  });
}
