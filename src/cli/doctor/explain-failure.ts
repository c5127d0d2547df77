import { refusalById } from '../../atlas/index.ts';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { describeFailure } from '../describe-failure.ts';
import type { Language, Phrase } from '../language.ts';
import { type Finding, failed, warning } from './doctor-check.ts';

/** Failures that no surface put into words, and those that the atlas gives no advice for. */
const ADVICE: Partial<Record<ErrorCode, Phrase>> = {
  upstream_unreachable: {
    en: 'Test the address by hand (`curl -v`); the lines dns, tls and proxy say where it ends. Check `base_url` of the surface.',
    zh: '请手动测试该地址（`curl -v`）；dns、tls、proxy 各行会指出问题所在。并检查该接入面的 `base_url`。',
  },
  upstream_missing: {
    en: 'Check `base_url` of the surface: the platform’s ends in /v1, that of Kimi Code in /coding.',
    zh: '请检查该接入面的 `base_url`：开放平台以 /v1 结尾，Kimi Code 以 /coding 结尾。',
  },
  upstream_redirect: {
    en: 'Set `base_url` to the address that it redirects to, if you trust it; a credential never follows a redirect.',
    zh: '如信任跳转目标，请把 `base_url` 改为该地址；凭据不会跟随跳转。',
  },
  upstream_garbled: {
    en: 'Something else than Kimi answers there: check `base_url`, and what stands between (a captive portal, a proxy).',
    zh: '应答的不是 Kimi：请检查 `base_url` 以及中间设备（认证门户、代理）。',
  },
  first_byte_timeout: {
    en: 'The connection stands and nothing comes: try again, or with a longer --timeout.',
    zh: '连接已建立但没有数据：请重试，或加大 --timeout。',
  },
  total_timeout: { en: 'Try again, or with a longer --timeout.', zh: '请重试，或加大 --timeout。' },
  upstream_auth: {
    en: 'Make a new key, or log in again, and put it in the place of this one.',
    zh: '请重新申请密钥或重新登录，并替换这一个。',
  },
  stream_cut: {
    en: 'Something between closes long answers: a proxy, a firewall, an unstable line. Try another network.',
    zh: '中间设备切断了流：代理、防火墙或线路不稳。请换一个网络再试。',
  },
};

/** The credential is fine; somebody else’s turn, or a little later. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['overloaded', 'rate_limited', 'concurrency_limited']);

/** What a failed call means, in the words of the atlas where it knows the refusal. */
export function explainFailure(thrown: unknown, about: string): Finding {
  const error = GatewayError.from(thrown);
  const { code, details, hint } = error;
  const row = details.refusal === undefined ? undefined : refusalById(details.refusal);
  const said = (language: Language) => describeFailure(error, language).why;
  const seen: Phrase =
    row === undefined
      ? { en: `${code}: ${said('en')}`, zh: `${code}：${said('zh')}` }
      : { en: `${code}: “${error.message}”: ${row.cause.en}`, zh: `${code}：“${error.message}”：${row.cause.zh}` };
  const advice = row?.advice ?? ADVICE[code] ?? hint;
  const more = {
    about,
    code,
    ...(row === undefined ? {} : { refusal: row.id }),
    ...(advice === undefined ? {} : { advice }),
  };
  return PASSING.has(code) ? warning(seen, more) : failed(seen, more);
}
