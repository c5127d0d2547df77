import { GatewayError } from '../../errors.ts';
import { tokenFacts } from '../../tokens/web-secret.ts';
import type { Place } from '../adapter.ts';
import { callWeb, ProtocolAbsent, type WebRequest } from './web-call.ts';
import { textAt } from './wire-value.ts';

export interface WebTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The two endpoints, with the eras of the tokens that they issue. Both rotate both tokens. */
const older = (refreshToken: string): WebRequest => ({
  method: 'GET',
  path: '/api/auth/token/refresh',
  token: refreshToken,
});
const newer = (refreshToken: string, authUrl: string): WebRequest => ({
  method: 'POST',
  path: '/api/account.gateway.v1.AuthService/RefreshToken',
  token: undefined,
  body: { refresh_token: refreshToken },
  base: authUrl,
});

/**
 * Exchanges a refresh token for new tokens. The endpoint of its era is asked first; the other one where the first is not
 * there or does not know the token. A refusal by both says that the token is dead.
 */
export async function renewTokens(place: Place, refreshToken: string, authUrl: string): Promise<WebTokens> {
  const isOld = tokenFacts(refreshToken).issuer === 'user-center';
  const calls = [newer(refreshToken, authUrl), older(refreshToken)];
  let first: GatewayError | undefined;
  for (const request of isOld ? calls.toReversed() : calls) {
    try {
      return readTokens(await callWeb(place, request), refreshToken);
    } catch (thrown) {
      const error = thrown instanceof ProtocolAbsent ? thrown.refusal : GatewayError.from(thrown);
      if (!TRY_THE_OTHER.includes(error.code) && !(thrown instanceof ProtocolAbsent)) throw error;
      // What an endpoint says that knows tokens counts more than one that is not there.
      if (first === undefined || error.code === 'upstream_auth') first = error;
    }
  }
  throw first?.code === 'upstream_auth' ? dead(place, first) : (first ?? new GatewayError('upstream_error'));
}

const TRY_THE_OTHER: readonly GatewayError['code'][] = ['upstream_auth', 'upstream_unreachable', 'upstream_refused'];

function readTokens(answer: unknown, before: string): WebTokens {
  const accessToken = textAt(answer, 'accessToken') ?? textAt(answer, 'access_token') ?? textAt(answer, 'token');
  const refreshToken = textAt(answer, 'refreshToken') ?? textAt(answer, 'refresh_token') ?? before;
  if (accessToken !== undefined) return { accessToken, refreshToken };
  throw new GatewayError('upstream_garbled', { message: 'The renewal of the token brought none.' });
}

function dead(place: Place, cause: GatewayError): GatewayError {
  return new GatewayError('upstream_auth', {
    surface: place.surface.id,
    message:
      'The web chat no longer accepts the refresh token: it was used elsewhere, has expired, or the page was logged out.',
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    ...(cause.details.refusal === undefined ? {} : { refusal: cause.details.refusal }),
    cause,
  });
}
