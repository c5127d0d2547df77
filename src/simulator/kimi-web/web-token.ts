/** What the vendor's own tokens say of themselves (claims as xiaoY233/Kimi-Free-API and captured tokens of 2026-09 show them). */
export interface TokenClaims {
  readonly typ: 'access' | 'refresh';
  readonly sub: string;
  readonly region: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the right shape that is worth nothing elsewhere: no signature, and `name` stands in its place. */
export function mintToken(name: string, claims: TokenClaims): string {
  const header = { alg: 'none', typ: 'JWT' };
  const issuer = claims.typ === 'access' ? 'user-center' : 'account';
  return `${base64url(header)}.${base64url({ iss: issuer, app_id: 'kimi', ...claims })}.${name}`;
}
