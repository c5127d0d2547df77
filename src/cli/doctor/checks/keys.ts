import { environmentVariable, KNOWN_SURFACES, missingCredentialsAdvice } from '../../../config/index.ts';
import type { Credential } from '../../../credential.ts';
import { tokenFacts, webRegionProblem, webSecretProblem } from '../../../tokens/web-secret.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';

const CODING_PREFIX = 'sk-kimi-';

const ELSEWHERE: Readonly<Record<'platform' | 'coding' | 'web', Phrase>> = {
  platform: {
    en: 'Put it under moonshot-cn or moonshot-ai (MOONSHOT_API_KEY).',
    zh: '请放到 moonshot-cn 或 moonshot-ai 下（MOONSHOT_API_KEY）。',
  },
  coding: { en: 'Put it under kimi-code (KIMI_API_KEY).', zh: '请放到 kimi-code 下（KIMI_API_KEY）。' },
  web: { en: 'Put it under kimi-web (KIMI_TOKENS).', zh: '请放到 kimi-web 下（KIMI_TOKENS）。' },
};

/** What the form of each secret tells, without asking anybody. */
export const keys: DoctorCheck = {
  id: 'keys',
  group: 'here',
  title: { en: 'Looked whether each key has the form of its surface', zh: '检查各密钥的格式与接入面是否相符' },
  async run(examination) {
    const { config, credentials, allSurfaces } = examination;
    const findings = credentials.map((credential) => {
      const surface = allSurfaces.get(credential.surface);
      return surface ? ofCredential(credential, surface, examination) : ok('');
    });
    const undecided = config.undecided.map((secret) => {
      const problem = problemOfKey(secret.reveal(), 'platform');
      return problem
        ? failed(problem.seen, { ...problem, about: `MOONSHOT_API_KEY ${secret}` })
        : undecidedKey(`${secret}`);
    });
    const found = [...findings, ...undecided];
    const advice = missingCredentialsAdvice(config);
    if (advice !== undefined) return [nothing(advice), ...found];
    return found;
  },
};

function nothing(english: string): Finding {
  const set = KNOWN_SURFACES.flatMap(({ variables }) => variables).filter((name) => environmentVariable(name));
  const places = KNOWN_SURFACES.map(({ title, variables, console: place }) => `  ${variables[0]}  ${title}: ${place}`);
  const zh = [
    '请设置下列变量之一（环境变量或 .env），或在 moongate.yaml 中设置 `surfaces.<id>.credentials`：',
    ...places,
  ];
  const [seen, ...advice] = english.split('\n');
  return failed(
    { en: seen?.replace(/ Set one of .*$/, '') ?? '', zh: '没有任何接入面的凭据。' },
    {
      advice: {
        en: ['Set one of these (environment or .env), or `surfaces.<id>.credentials`:', ...advice].join('\n'),
        zh: zh.join('\n'),
      },
      code: 'no_credentials',
      ...(set.length > 0 ? { about: set.join(', ') } : {}),
    },
  );
}

const undecidedKey = (mask: string) =>
  ok(
    {
      en: 'the form of a platform key; its account system is found out by asking',
      zh: '开放平台密钥的格式；所属账号体系需询问后得知',
    },
    { about: `MOONSHOT_API_KEY ${mask}` },
  );

function ofCredential({ id, secret, surface: name }: Credential, surface: Surface, { options }: Examination): Finding {
  const value = secret.reveal();
  const problem =
    surface.kind === 'web' ? problemOfToken(value, surface, options.clock.now()) : problemOfKey(value, surface.kind);
  if (problem !== undefined)
    return (problem.isCertain ? failed : warning)(problem.seen, { about: id, advice: problem.advice });
  return ok({ en: `has the form of a credential of ${name}`, zh: `符合 ${name} 凭据的格式` }, { about: id });
}

interface KeyProblem {
  readonly seen: Phrase;
  readonly advice: Phrase;
  readonly isCertain: boolean;
}

function problemOfKey(value: string, kind: Surface['kind']): KeyProblem | undefined {
  if (kind === 'compatible') return undefined;
  const isCoding = value.startsWith(CODING_PREFIX);
  if (isCoding && kind === 'platform') {
    const seen = {
      en: 'a key of Kimi Code (sk-kimi-…) on the open platform, which does not know it',
      zh: '这是 Kimi Code 的密钥（sk-kimi-…），开放平台不认识它',
    };
    return { seen, advice: ELSEWHERE.coding, isCertain: true };
  }
  if (value.startsWith('sk-') && !isCoding && kind === 'coding') {
    const seen = {
      en: 'no key of Kimi Code, which begin with sk-kimi-: it looks like one of the open platform',
      zh: '不是 Kimi Code 的密钥（应以 sk-kimi- 开头），像是开放平台的密钥',
    };
    return { seen, advice: ELSEWHERE.platform, isCertain: true };
  }
  if (value.startsWith('sk-')) return undefined;
  if (value.split('.').length === 3 && tokenFacts(value).expiresAt !== undefined) {
    const seen = {
      en: 'a token, not an API key: it may be one of the web chat',
      zh: '这是令牌而非 API 密钥，可能属于网页版',
    };
    // The coding subscription takes access tokens of its own log-in, too.
    return { seen, advice: ELSEWHERE.web, isCertain: kind === 'platform' };
  }
  return {
    seen: { en: 'does not begin with sk-, as every key does', zh: '不以 sk- 开头，而所有密钥都应如此' },
    advice: {
      en: 'Copy the whole key once more from the console of the account.',
      zh: '请从账号控制台重新完整复制密钥。',
    },
    isCertain: false,
  };
}

function problemOfToken(value: string, surface: Surface, now: number): KeyProblem | undefined {
  const problem = webSecretProblem(value) ?? webRegionProblem(value, surface.origin);
  if (problem !== undefined) {
    return { seen: { en: problem, zh: `令牌不可用：${problem}` }, advice: TOKEN_ADVICE, isCertain: true };
  }
  const { expiresAt, kind } = tokenFacts(value.replace(/^Bearer\s+/i, ''));
  if (expiresAt === undefined || expiresAt > now) return undefined;
  const day = new Date(expiresAt).toISOString();
  const seen =
    kind === 'access'
      ? {
          en: `the access token expired at ${day}; they live for minutes`,
          zh: `访问令牌已于 ${day} 过期；其有效期只有几分钟`,
        }
      : { en: `the token expired at ${day}`, zh: `令牌已于 ${day} 过期` };
  return { seen, advice: TOKEN_ADVICE, isCertain: true };
}

const TOKEN_ADVICE: Phrase = {
  en: 'Log in to the web chat and copy the token again; a refresh token (90 days) renews itself: docs/kimi-web.md.',
  zh: '请登录网页版并重新复制令牌；refresh token（90 天）可自动续期：见 docs/kimi-web.md。',
};
