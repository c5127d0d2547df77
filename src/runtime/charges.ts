import type { Config } from '../config/index.ts';
import { type Charge, priceOf } from '../keys/call-cost.ts';
import { holdsAt, priceAt, type Rate } from '../models/cost.ts';
import type { AccountSystem } from '../models/facts.ts';
import { fitsPattern } from '../models/name-pattern.ts';

/** Which surface, which model as the surface names it, and when. */
export interface Charged {
  readonly surface: string;
  readonly model: string;
  readonly at: number;
}

/** What a budget counts a call by; `free`: nothing by the token; undefined: nobody knows. */
export function rateOf(config: Config, charged: Charged): Rate | 'free' | undefined {
  return ownRate(config, charged) ?? priceOf(charged.model, chargeOf(config, charged.surface), charged.at);
}

/** What the ledger writes down: only what is known of this very surface. */
export function knownRate(config: Config, charged: Charged): Rate | undefined {
  const own = ownRate(config, charged);
  if (own) return own;
  const system = systemOf(config, charged.surface);
  return system && priceAt(charged.model, system, charged.at);
}

/** Only the open platform charges by the token in a way that is known: the subscription does not, others are others. */
export function systemOf({ surfaces }: Config, id: string): AccountSystem | undefined {
  const surface = Object.hasOwn(surfaces, id) ? surfaces[id] : undefined;
  if (surface?.type !== 'moonshot') return undefined;
  return surface.region === 'cn' ? 'moonshot-cn' : 'moonshot-ai';
}

function chargeOf(config: Config, id: string): Charge {
  const system = systemOf(config, id);
  if (system) return system;
  const type = Object.hasOwn(config.surfaces, id) ? config.surfaces[id]?.type : undefined;
  return type === 'kimi-code' || type === 'kimi-web' ? 'nothing' : 'unknown';
}

/** The owner's own row; a client's name for a model is as good as the surface's. */
function ownRate({ surfaces }: Config, { surface: id, model, at }: Charged): Rate | undefined {
  const surface = Object.hasOwn(surfaces, id) ? surfaces[id] : undefined;
  if (surface === undefined || surface.prices.length === 0) return undefined;
  const names = [model, ...Object.keys(surface.models).filter((name) => surface.models[name] === model)];
  return surface.prices.find((row) => holdsAt(row, at) && names.some((name) => fitsPattern(name, row.model)));
}
