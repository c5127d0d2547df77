import type { Config } from '../config/index.ts';
import { VERSION } from '../version.ts';
import { type Language, type Phrase, phrase } from './language.ts';

export interface BannerFacts {
  /** `http://127.0.0.1:8000` */
  readonly address: string;
  readonly config: Config;
  readonly demo: boolean;
  /** Why no request can be served yet. */
  readonly advice: Phrase | undefined;
  readonly language: Language;
}

/** What is said once at start: where it listens, what it serves, what to try next. */
export function banner({ address, config, demo, advice, language }: BannerFacts): string {
  const say = (words: Phrase) => phrase(words, language);
  const hasKeys = config.keys.length > 0;
  const bearer = hasKeys ? ` -H "authorization: Bearer $YOUR_KEY"` : '';
  const lines = [
    say({ en: `moongate ${VERSION} listens on ${address}`, zh: `moongate ${VERSION} 正在监听 ${address}` }),
    ...(demo ? ['', say(DEMO)] : []),
    ...(advice === undefined ? [] : ['', say(advice), '', say(UNTIL_THEN)]),
    '',
    say({ en: 'Point a client at it:', zh: '客户端这样设置：' }),
    `  base URL  ${address}/v1`,
    `  API key   ${say(hasKeys ? KEYS : NO_KEYS)}`,
    `  model     ${say({ en: 'kimi-k2.6, or an alias such as k25', zh: 'kimi-k2.6，或 k25 等别名' })}`,
    '',
    say({ en: 'Or try it here:', zh: '也可以直接试一下：' }),
    `  curl -N ${address}/v1/chat/completions${bearer} -H "content-type: application/json" \\`,
    `    -d '{"model":"k25","stream":true,"messages":[{"role":"user","content":"${say({ en: 'Hello, Kimi', zh: '你好，Kimi' })}"}]}'`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

const DEMO: Phrase = {
  en: 'DEMO: every answer comes from the built-in simulator, none from Kimi.',
  zh: '演示模式：所有回答都来自内置模拟器，而不是 Kimi。',
};
const UNTIL_THEN: Phrase = {
  en: 'Until then every request is answered with 503 and this advice.',
  zh: '在此之前，所有请求都会收到 503 和以上说明。',
};
const KEYS: Phrase = { en: 'one of the keys in `keys`', zh: '`keys` 中的任意一个密钥' };
const NO_KEYS: Phrase = { en: 'any text (no key is needed on this machine)', zh: '任意文本（本机访问无需密钥）' };
