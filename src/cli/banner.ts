import type { Config } from '../config/index.ts';
import { VERSION } from '../version.ts';

export interface BannerFacts {
  /** `http://127.0.0.1:8000` */
  readonly address: string;
  readonly config: Config;
  readonly demo: boolean;
  /** Why no request can be served yet. */
  readonly advice: string | undefined;
}

/** What is said once at start: where it listens, what it serves, what to try next. */
export function banner({ address, config, demo, advice }: BannerFacts): string {
  const key = config.keys.length > 0 ? 'one of the keys in `keys`' : 'any text (no key is needed on this machine)';
  const bearer = config.keys.length > 0 ? ` -H "authorization: Bearer $YOUR_KEY"` : '';
  const lines = [
    `moongate ${VERSION} listens on ${address}`,
    ...(demo ? ['', 'DEMO: every answer comes from the built-in simulator, none from Kimi.'] : []),
    ...(advice === undefined ? [] : ['', advice, '', 'Until then every request is answered with 503 and this advice.']),
    '',
    'Point a client at it:',
    `  base URL  ${address}/v1`,
    `  API key   ${key}`,
    `  model     kimi-k2.6, or an alias such as k25`,
    '',
    'Or try it here:',
    `  curl -N ${address}/v1/chat/completions${bearer} -H "content-type: application/json" \\`,
    `    -d '{"model":"k25","stream":true,"messages":[{"role":"user","content":"Hello, Kimi"}]}'`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}
