import type { WebOptions } from './web-options.ts';

/** A conversation on the server, and the answer in it that the next turn hangs on. */
export interface WebChat {
  readonly protocol: Exclude<WebOptions['protocol'], 'auto'>;
  readonly chatId: string;
  readonly parentId: string;
}
