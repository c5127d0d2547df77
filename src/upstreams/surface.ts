import type { Dispatcher } from 'undici';
import type { NamedSurface } from '../models/resolve.ts';
import type { Adapter } from './adapter.ts';
import type { CallTimeouts } from './http-call.ts';
import type { WebOptions } from './kimi-web/web-options.ts';

/** A place that serves Kimi, as the configuration describes it. */
export interface Surface {
  readonly id: string;
  readonly kind: 'platform' | 'coding' | 'web' | 'compatible';
  /** `https://host`, without a path. */
  readonly origin: string;
  /** The path that stands before `/chat/completions`, without a slash at its end. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: CallTimeouts;
  /** Client-side model names to this surface's own; undefined: it uses the catalogue's names. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** The platform's: `openai` keeps clients of the Messages protocol on the OpenAI face too. */
  readonly face?: KimiCodeOptions['face'] | undefined;
  /** Which of the vendor's two account systems; undefined elsewhere. */
  readonly region?: 'cn' | 'global' | undefined;
  /** What only the coding subscription needs to be told. */
  readonly kimiCode?: KimiCodeOptions | undefined;
  /** Only for the web chat: how the owner wants it to be used. */
  readonly web?: Partial<WebOptions> | undefined;
  /** Only for the web chat: its names have suffixes. */
  readonly variantOf?: NamedSurface['variantOf'];
  readonly dispatcher: Dispatcher;
  readonly adapter: Adapter;
}

export interface KimiCodeOptions {
  /** `auto`: a caller that the vendor knows keeps its name on the OpenAI face, everyone else takes the Anthropic face. */
  readonly face: 'auto' | 'openai' | 'anthropic';
  /** The operator's own choice to call as `KimiCLI/<version>` on the OpenAI face. The vendor's guidelines forbid it. */
  readonly userAgentVersion?: string | undefined;
  readonly region: 'cn' | 'global';
}

/** What is fixed about the open platform's two hosts: two account systems with one contract. */
export const PLATFORM_HOSTS = [
  { id: 'moonshot-cn', baseUrl: 'https://api.moonshot.cn/v1', console: 'https://platform.kimi.com' },
  { id: 'moonshot-ai', baseUrl: 'https://api.moonshot.ai/v1', console: 'https://platform.kimi.ai' },
] as const;
