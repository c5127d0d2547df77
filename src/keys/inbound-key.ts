import type { KeyRules } from '../config/index.ts';

/** A key that a caller may send, be it of the configuration or issued. */
export interface InboundKey {
  /** Under which limits and budgets are counted; stays when the key is rotated. */
  readonly id: string;
  /** Whose calls they are, for the ledger, conversations and stored responses. */
  readonly name: string;
  readonly rules: KeyRules;
}

/** One that was issued at run time. */
export interface IssuedKey extends InboundKey {
  readonly last4: string;
  readonly previous: { readonly last4: string; readonly until: number } | undefined;
  readonly createdAt: number;
  readonly rotatedAt: number | undefined;
  readonly revokedAt: number | undefined;
}

/** An issued key as the caller sent it: the one that holds, or the one before it. */
export interface Presented {
  readonly key: IssuedKey;
  /** It was replaced, and opens until then. */
  readonly until: number | undefined;
}

export const configKeyId = (name: string): string => `config:${name}`;

/** Whether the key only says who calls. */
export function isUnlimited({ rules }: InboundKey): boolean {
  return Object.values(rules).every((rule) => rule === undefined);
}
