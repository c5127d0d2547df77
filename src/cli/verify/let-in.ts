import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { refusal } from './chat-stream.ts';
import type { Answer } from './exchange.ts';

const REFUSALS = [401, 402, 403];

/** Behind a key that is good for nothing every check would tell the same. */
export function assertLetIn(endpoint: Endpoint, answer: Answer): void {
  if (!REFUSALS.includes(answer.status)) return;
  const why = refusal(answer);
  throw new Failure(
    {
      en: `${phrase(endpoint.label, 'en')} does not let us in: ${why}`,
      zh: `${phrase(endpoint.label, 'zh')} 拒绝访问：${why}`,
    },
    {
      code: 'upstream_auth',
      hint: {
        en: 'Give its key with --key; keys of platform.kimi.com and platform.kimi.ai are not interchangeable.',
        zh: '请用 --key 提供密钥；platform.kimi.com 与 platform.kimi.ai 的密钥不能互换。',
      },
    },
  );
}
