import type { Exchange } from '../exchange.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Surface } from '../surface.ts';
import type { DeviceLogins } from './device-logins.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const BODY_LIMIT = 64 * 1024;

/** The host at which devices log in (MoonshotAI/kimi-code packages/oauth). Any client id is taken. */
export class DeviceRoutes implements Surface {
  readonly prefix = '/code-auth';
  readonly #logins: DeviceLogins;

  constructor(logins: DeviceLogins) {
    this.#logins = logins;
  }

  async handle(exchange: Exchange): Promise<void> {
    if (!(await exchange.readBody(BODY_LIMIT))) {
      throw new Refusal({ status: 413, message: 'Request exceeds the maximum size' });
    }
    const form = new URLSearchParams(exchange.raw.toString('utf8'));
    switch (`${exchange.request.method} ${exchange.path}`) {
      case 'POST /api/oauth/device_authorization':
        if (form.get('client_id') === null) return exchange.sendJson(400, { error: 'invalid_request' });
        return exchange.sendJson(200, this.#logins.begin(`http://${exchange.request.headers.host}/code-auth/device`));
      case 'POST /api/oauth/token':
        return this.#token(exchange, form);
      default:
        throw notFound('The requested resource was not found');
    }
  }

  #token(exchange: Exchange, form: URLSearchParams): void {
    const { status, body } = this.#answer(form);
    exchange.sendJson(status, body);
  }

  #answer(form: URLSearchParams): { readonly status: number; readonly body: unknown } {
    const grant = form.get('grant_type');
    if (grant !== GRANT && grant !== 'refresh_token') return { status: 400, body: { error: 'unsupported_grant_type' } };
    const body =
      grant === GRANT
        ? this.#logins.poll(form.get('device_code') ?? '')
        : this.#logins.renew(form.get('refresh_token') ?? '');
    if (!('error' in body)) return { status: 200, body };
    return { status: body.error === 'authorization_pending' ? this.#logins.pendingStatus : 400, body };
  }
}
