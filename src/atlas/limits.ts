import type { Refusal } from './refusal.ts';

const ERRORS_PAGE = 'platform docs, errors page';
const API = ['platform', 'coding', 'compatible'] as const;

const NO_MONEY = {
  status: [429],
  type: 'exceeded_current_quota_error',
  means: 'quota_exhausted',
  blame: 'organisation',
  action: 'await_quota',
} as const;

/** What the open platform says where there is too much: of requests, of tokens, of what was paid for. */
export const LIMITS: readonly Refusal[] = [
  {
    id: 'engine-overloaded',
    on: API,
    status: [429],
    type: 'engine_overloaded_error',
    observed: ['The engine is currently overloaded, please try again later'],
    means: 'overloaded',
    blame: 'engine',
    action: 'try_again',
    cause: {
      en: 'the engine has no room; the key is not at fault, and nothing is billed',
      zh: '引擎过载；与密钥无关，不计费',
    },
    advice: { en: 'Try again in a moment; a higher tier is served first.', zh: '请稍后再试；等级高的账号优先。' },
    source: `${ERRORS_PAGE}; MoonshotAI/kimi-code #3176`,
  },
  {
    id: 'limit-named',
    on: API,
    status: [429],
    type: 'rate_limit_reached_error',
    says: /request reached organization max (concurrency|RPM|TPM|TPD): \d+/,
    observed: [
      'Your account org-…<ak-…> request reached organization max RPM: 3, please try again after 1 seconds',
      'Your account org-…<ak-…> request reached organization max concurrency: 50, please try again after 1 seconds',
    ],
    means: 'rate_limited',
    blame: 'organisation',
    action: 'slow_down',
    cause: {
      en: 'a limit of the organisation, which the sentence names; it is kept from then on',
      zh: '组织的某项限额，句中已写明；此后按此限速',
    },
    advice: {
      en: 'Limits belong to the organisation, not to the key: add a credential of another account, or top this one up.',
      zh: '限额按组织计算而非按密钥：请添加其他账号的凭据，或充值提升等级。',
    },
    source: `${ERRORS_PAGE} (older); LLM-Red-Team/kimi-cc #16`,
  },
  {
    id: 'rate-limit',
    on: API,
    status: [429],
    type: 'rate_limit_reached_error',
    observed: ['Organization Rate limit exceeded, please try again after 1 seconds'],
    means: 'rate_limited',
    blame: 'organisation',
    action: 'slow_down',
    cause: { en: 'the organisation is at its limit', zh: '组织已达限额' },
    advice: {
      en: 'Limits belong to the organisation, not to the key: add a credential of another account, or top this one up.',
      zh: '限额按组织计算而非按密钥：请添加其他账号的凭据，或充值提升等级。',
    },
    source: ERRORS_PAGE,
  },
  {
    ...NO_MONEY,
    id: 'suspended',
    on: API,
    says: / is suspended due to insufficient balance|^Account balance is insufficient or the account has been disabled/,
    observed: [
      'Your account org-…<ak-…> is suspended due to insufficient balance, please recharge your account or check your plan and billing details',
      'Account balance is insufficient or the account has been disabled',
    ],
    cause: { en: 'the account has no money left', zh: '账号余额不足' },
    advice: { en: 'Top the account up, or add a credential of another account.', zh: '请充值，或添加其他账号的凭据。' },
    source: ERRORS_PAGE,
  },
  {
    ...NO_MONEY,
    id: 'quota',
    on: API,
    observed: [
      'You exceeded your current token quota: <org-…> 0, please check your account balance',
      'Token quota is insufficient',
    ],
    cause: { en: 'the account has no quota left', zh: '账号额度已用完' },
    advice: { en: 'Top the account up, or add a credential of another account.', zh: '请充值，或添加其他账号的凭据。' },
    source: ERRORS_PAGE,
  },
];
