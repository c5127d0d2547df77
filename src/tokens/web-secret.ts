/** What an owner pasted, taken apart. Its parts are never printed. */
export interface WebSecret {
  readonly access?: string;
  readonly refresh?: string;
}

/** What a token says of itself, safe to print. */
export interface TokenFacts {
  readonly kind: 'access' | 'refresh';
  /** Milliseconds since the epoch; undefined for a token that cannot be read. */
  readonly expiresAt: number | undefined;
  /** The `region` claim, such as `REGION_OVERSEA`: overseas accounts live at www.kimi.ai. */
  readonly region: string | undefined;
  /** `user-center` (2024) or `account` (2026): which endpoint renews it. */
  readonly issuer: string | undefined;
}

/** Longer than any access token lives (900 s were measured), shorter than any refresh token (90 days). */
const DAY_SECONDS = 86_400;

/** Why this cannot be a secret of the web chat; undefined if it can. The text holds nothing of the secret. */
export function webSecretProblem(secret: string): string | undefined {
  const pasted = secret.trim();
  if (/^(Bearer\s+)?sk-/i.test(pasted)) {
    return 'This is an API key (sk-…), not a token of the web chat: it belongs to moonshot-cn, moonshot-ai or kimi-code.';
  }
  if (/;\s*\w+=|^\s*cookie:/i.test(pasted) && !/kimi-auth=/.test(pasted)) {
    return 'This Cookie header has no `kimi-auth`. Copy it while you are logged in.';
  }
  return tokenIn(pasted) === '' ? 'This is empty.' : undefined;
}

/** An access token, a refresh token, or a Cookie header, of which only `kimi-auth` is taken. */
export function readWebSecret(secret: string): WebSecret {
  const token = tokenIn(secret.trim());
  return tokenFacts(token).kind === 'access' ? { access: token } : { refresh: token };
}

/** Why the token's account cannot live at this host, as far as its claims tell; undefined if it may. */
export function webRegionProblem(secret: string, origin: string): string | undefined {
  const { region } = tokenFacts(tokenIn(secret.trim()));
  const { hostname } = new URL(origin);
  if (region === 'REGION_OVERSEA' && hostname.endsWith('kimi.com')) {
    return 'The token belongs to an overseas account, which lives at https://www.kimi.ai.';
  }
  if (region !== undefined && region !== 'REGION_OVERSEA' && hostname.endsWith('kimi.ai')) {
    return 'The token belongs to a mainland account, which lives at https://www.kimi.com.';
  }
  return undefined;
}

function tokenIn(pasted: string): string {
  const cookie = /(?:^|[;\s])kimi-auth=([^;\s]+)/.exec(pasted)?.[1];
  if (cookie !== undefined) return cookie;
  const bare = pasted.replace(/^Bearer\s+/i, '');
  // Local storage sometimes shows the token as an array of its parts (LLM-Red-Team/kimi-free-api).
  const parts = bare.startsWith('[') ? parsedList(bare) : undefined;
  return parts?.join('.') ?? bare;
}

function parsedList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the claims. A token without any is a refresh token: access tokens were never seen without. */
export function tokenFacts(token: string): TokenFacts {
  const claims = claimsOf(token);
  const expires = numberAt(claims, 'exp');
  const lives = expires === undefined ? undefined : expires - (numberAt(claims, 'iat') ?? expires);
  const type = textAt(claims, 'typ');
  const isAccess = type === undefined ? lives !== undefined && lives < DAY_SECONDS : type === 'access';
  return {
    kind: isAccess ? 'access' : 'refresh',
    expiresAt: expires === undefined ? undefined : expires * 1000,
    region: textAt(claims, 'region'),
    issuer: textAt(claims, 'iss'),
  };
}

type Claims = Readonly<Record<string, unknown>>;

function claimsOf(token: string): Claims {
  const [, body = ''] = token.split('.');
  try {
    const value: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : {};
  } catch {
    return {};
  }
}

function textAt(claims: Claims, name: string): string | undefined {
  const found = claims[name];
  return typeof found === 'string' ? found : undefined;
}

function numberAt(claims: Claims, name: string): number | undefined {
  const found = claims[name];
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
