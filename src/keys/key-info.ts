import type { KeyRules } from '../config/index.ts';
import type { InboundKey, IssuedKey } from './inbound-key.ts';
import { keyMask } from './key-secret.ts';

/** What is told of a key: never the key itself. */
export interface KeyInfo {
  readonly id: string;
  readonly object: 'key';
  readonly name: string;
  readonly source: 'config' | 'issued';
  readonly key: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly created_at: string | null;
  readonly rotated_at: string | null;
  readonly revoked_at: string | null;
  readonly expires_at: string | null;
  /** The key before the last rotation, while it still opens. */
  readonly previous: { readonly key: string; readonly until: string } | null;
  readonly route: string | null;
  readonly models: readonly string[] | null;
  readonly surfaces: readonly string[] | null;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly concurrency: number | null;
  readonly budget: KeyRules['budget'] | null;
}

export function issuedKeyInfo(key: IssuedKey, now: number): KeyInfo {
  const { previous, revokedAt } = key;
  const isRevoked = revokedAt !== undefined;
  return {
    ...rulesInfo(key),
    source: 'issued',
    key: keyMask(key.last4),
    state: isRevoked ? 'revoked' : isExpired(key, now) ? 'expired' : 'active',
    created_at: iso(key.createdAt),
    rotated_at: iso(key.rotatedAt),
    revoked_at: iso(revokedAt),
    previous:
      previous && previous.until > now && !isRevoked
        ? { key: keyMask(previous.last4), until: new Date(previous.until).toISOString() }
        : null,
  };
}

export function configKeyInfo(key: InboundKey, mask: string, now: number): KeyInfo {
  return {
    ...rulesInfo(key),
    source: 'config',
    key: mask,
    state: isExpired(key, now) ? 'expired' : 'active',
    created_at: null,
    rotated_at: null,
    revoked_at: null,
    previous: null,
  };
}

function rulesInfo({ id, name, rules }: InboundKey) {
  return {
    id,
    object: 'key' as const,
    name,
    expires_at: iso(rules.expires),
    route: rules.route ?? null,
    models: rules.models ?? null,
    surfaces: rules.surfaces ?? null,
    rpm: rules.rpm ?? null,
    tpm: rules.tpm ?? null,
    concurrency: rules.concurrency ?? null,
    budget: rules.budget ?? null,
  };
}

const isExpired = ({ rules }: InboundKey, now: number) => rules.expires !== undefined && rules.expires <= now;

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
