import type { Exchange } from './exchange.ts';

/** A place that serves Kimi. The server gives it every request below its prefix; it answers or throws a `Refusal`. */
export interface Surface {
  /** Such as `/cn/v1`. */
  readonly prefix: string;
  handle(exchange: Exchange): Promise<void>;
}
