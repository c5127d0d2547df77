import { missingCredentialsAdvice } from '../../../config/index.ts';
import type { Credential } from '../../../credential.ts';
import { tokenFacts } from '../../../tokens/web-secret.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';

/**
 * What the form of each secret tells, without asking anybody. That a key stands under a surface of another product is a
 * problem of the configuration already (config/credential-place.ts).
 */
export const keys: DoctorCheck = {
  id: 'keys',
  group: 'here',
  title: { en: 'Looked whether each key has the form of its surface', zh: '检查各密钥的格式与接入面是否相符' },
  async run({ config, credentials, allSurfaces, options }) {
    const now = options.clock.now();
    const lent = credentials.map((one) => ofCredential(one, allSurfaces.get(one.surface)?.kind ?? 'compatible', now));
    const undecided = config.undecided.map((secret) => ofUndecided(secret.reveal(), `MOONSHOT_API_KEY ${secret}`));
    const advice = missingCredentialsAdvice(config);
    return [...(advice === undefined ? [] : [nothing(advice)]), ...lent, ...undecided];
  },
};

function nothing(advice: Phrase): Finding {
  return failed(
    { en: 'There is no credential for any surface.', zh: '没有任何接入面的凭据。' },
    { advice, code: 'no_credentials' },
  );
}

function ofCredential({ id: about, secret, surface }: Credential, kind: Surface['kind'], now: number): Finding {
  const value = secret.reveal();
  const expired = kind === 'web' ? expiry(value, now) : undefined;
  if (expired !== undefined) return failed(expired, { about, advice: TOKEN_ADVICE });
  if (kind === 'platform' || kind === 'coding') {
    const strange = strangeForm(value);
    if (strange !== undefined) return warning(strange, { about, advice: COPY });
  }
  return ok({ en: `has the form of a credential of ${surface}`, zh: `符合 ${surface} 凭据的格式` }, { about });
}

function ofUndecided(value: string, about: string): Finding {
  const strange = strangeForm(value);
  if (strange !== undefined) return warning(strange, { about, advice: COPY });
  return ok(
    {
      en: 'has the form of a platform key; asking tells its account system',
      zh: '符合开放平台密钥的格式；所属账号体系需询问后得知',
    },
    { about },
  );
}

/** Every key begins with `sk-`; the coding subscription takes the access tokens of its own log-in, too. */
function strangeForm(value: string): Phrase | undefined {
  if (value.startsWith('sk-')) return undefined;
  if (value.split('.').length === 3 && tokenFacts(value).expiresAt !== undefined) {
    return {
      en: 'a token, not an API key: it may be one of the web chat',
      zh: '这是令牌而非 API 密钥，可能属于网页版',
    };
  }
  return { en: 'does not begin with sk-, as every key does', zh: '不以 sk- 开头，而所有密钥都应如此' };
}

function expiry(value: string, now: number): Phrase | undefined {
  const { expiresAt, kind } = tokenFacts(value);
  if (expiresAt === undefined || expiresAt > now) return undefined;
  const when = new Date(expiresAt).toISOString();
  return kind === 'access'
    ? {
        en: `the access token expired at ${when}; they live for minutes`,
        zh: `访问令牌已于 ${when} 过期；其有效期只有几分钟`,
      }
    : { en: `the token expired at ${when}`, zh: `令牌已于 ${when} 过期` };
}

const COPY: Phrase = {
  en: 'Copy the whole key once more from the console of the account.',
  zh: '请从账号控制台重新完整复制密钥。',
};

const TOKEN_ADVICE: Phrase = {
  en: 'Log in to the web chat and copy the token again; a refresh token (90 days) renews itself: docs/kimi-web.md.',
  zh: '请登录网页版并重新复制令牌；refresh token（90 天）可自动续期：见 docs/kimi-web.md。',
};
