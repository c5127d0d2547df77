import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import type { Surface } from '../surface.ts';
import { routeClassic } from './classic-routes.ts';
import { routeConnect } from './connect-routes.ts';
import { WebFault } from './web-fault.ts';
import type { WebParts } from './web-parts.ts';
import { sendFault } from './web-refusal.ts';

/**
 * The web chat of www.kimi.com and www.kimi.ai with both of its protocols, and the host that renews tokens, under one
 * address. Facts from public clients and captures, 2024 to 2026-09; nothing was verified against the live service.
 */
export class KimiWeb implements Surface {
  readonly prefix = '/web';
  readonly #parts: WebParts;

  constructor(parts: WebParts) {
    this.#parts = parts;
  }

  async handle(exchange: Exchange): Promise<void> {
    if (!(await exchange.readBody(this.#parts.settings.maxBodyBytes))) {
      throw new Refusal({ status: 413, message: 'Request exceeds the maximum size' });
    }
    const isConnect = exchange.path.startsWith('/apiv2/');
    try {
      await (isConnect ? routeConnect(exchange, this.#parts) : routeClassic(exchange, this.#parts));
    } catch (error) {
      if (!(error instanceof WebFault)) throw error;
      sendFault(exchange, error.row, isConnect ? 'connect' : 'classic');
    }
  }
}
