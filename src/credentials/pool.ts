import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import type { GatewayError } from '../errors.ts';
import { restAfter } from './cool-down.ts';

interface Slot {
  readonly credential: Credential;
  restsUntil: number;
  failures: number;
  inFlight: number;
}

/** A credential that is lent for one call. */
export interface Lease {
  readonly credential: Credential;
  succeeded(): void;
  failed(error: GatewayError): void;
  /** Neither: the client left, or the failure says nothing about the credential. */
  released(): void;
}

/** Owns the state of the credentials: whose turn it is, and who rests. */
export class CredentialPool {
  readonly #slots = new Map<string, Slot[]>();
  /** Per surface, the index behind the slot that was lent last. */
  readonly #turns = new Map<string, number>();
  readonly #clock: Clock;

  constructor(credentials: readonly Credential[], clock: Clock) {
    this.#clock = clock;
    for (const credential of credentials) this.add(credential);
  }

  /** Takes over what another pool knows of the credentials that both have, after a change of configuration. */
  adopt(before: CredentialPool): void {
    const known = new Map([...before.#slots.values()].flat().map((slot) => [slot.credential.id, slot]));
    for (const slot of [...this.#slots.values()].flat()) {
      const old = known.get(slot.credential.id);
      if (old?.credential.secret.reveal() !== slot.credential.secret.reveal()) continue;
      slot.restsUntil = old.restsUntil;
      slot.failures = old.failures;
    }
  }

  add(credential: Credential): void {
    const slots = this.#slots.get(credential.surface) ?? [];
    slots.push({ credential, restsUntil: 0, failures: 0, inFlight: 0 });
    this.#slots.set(credential.surface, slots);
  }

  has(surface: string): boolean {
    return (this.#slots.get(surface)?.length ?? 0) > 0;
  }

  all(surface: string): readonly Credential[] {
    return (this.#slots.get(surface) ?? []).map((slot) => slot.credential);
  }

  /** How many calls have a credential now. */
  get inFlight(): number {
    return [...this.#slots.values()].flat().reduce((sum, slot) => sum + slot.inFlight, 0);
  }

  /** The next credential in turn that does not rest and is not in `avoid`; undefined if there is none. */
  lease(surface: string, avoid: ReadonlySet<string>): Lease | undefined {
    const slots = this.#slots.get(surface) ?? [];
    const now = this.#clock.now();
    const turn = this.#turns.get(surface) ?? 0;
    for (let step = 0; step < slots.length; step++) {
      const index = (turn + step) % slots.length;
      const slot = slots[index];
      if (!slot || slot.restsUntil > now || avoid.has(slot.credential.id)) continue;
      this.#turns.set(surface, index + 1);
      return this.#lend(slot);
    }
    return undefined;
  }

  /** Milliseconds until the first resting credential of these surfaces may be used again; undefined if none rests. */
  nextFreeIn(surfaces: Iterable<string>): number | undefined {
    const now = this.#clock.now();
    let soonest: number | undefined;
    for (const surface of surfaces) {
      for (const { restsUntil } of this.#slots.get(surface) ?? []) {
        if (restsUntil > now) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, restsUntil - now);
      }
    }
    return soonest;
  }

  #lend(slot: Slot): Lease {
    slot.inFlight++;
    let open = true;
    const close = (then: () => void) => {
      if (!open) return;
      open = false;
      slot.inFlight--;
      then();
    };
    return {
      credential: slot.credential,
      succeeded: () =>
        close(() => {
          slot.failures = 0;
          slot.restsUntil = 0;
        }),
      failed: (error) =>
        close(() => {
          const rest = restAfter(error.code, slot.failures + 1, error.details.retryAfterMs);
          if (rest === 0) return;
          slot.failures++;
          slot.restsUntil = this.#clock.now() + rest;
        }),
      released: () => close(() => {}),
    };
  }
}
