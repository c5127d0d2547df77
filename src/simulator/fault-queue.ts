import type { RecordedCall } from './calls.ts';
import { type FaultName, faultError, type Reset } from './faults.ts';
import { Refusal, type RefusalFacts, typeOfStatus } from './refusal.ts';

/** A failure that a program orders, unlike one that a script in the prompt does. */
export interface FaultOrder {
  /** How many requests fail; default 1. */
  readonly times?: number;
  /** By name, or as status, type and message. */
  readonly fault?: FaultName | RefusalFacts;
  /** Instead of a fault: a bare status with the vendor's type for it. Neither means 503. */
  readonly status?: number;
  /** Which requests; default all. */
  readonly match?: (call: RecordedCall) => boolean;
}

/** Orders that are still open. They are served before anything else is looked at, even the key. */
export class FaultQueue {
  #orders: { readonly order: FaultOrder; left: number }[] = [];

  add(order: FaultOrder): void {
    this.#orders.push({ order, left: order.times ?? 1 });
  }

  clear(): void {
    this.#orders = [];
  }

  take(call: RecordedCall): Refusal | Reset | undefined {
    const entry = this.#orders.find(({ order }) => order.match?.(call) ?? true);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#orders = this.#orders.filter((other) => other !== entry);
    return errorOf(entry.order);
  }
}

function errorOf({ fault, status = 503 }: FaultOrder): Refusal | Reset {
  if (typeof fault === 'string') return faultError(fault);
  if (fault !== undefined) return new Refusal(fault);
  const type = typeOfStatus(status);
  return new Refusal({ status, message: `simulated failure ${status}`, ...(type === undefined ? {} : { type }) });
}
