import type { Refusal } from './refusal.ts';

/** www.kimi.com/code/docs/en/kimi-code/error-reference.html, as read in August 2026. */
const REFERENCE = 'Kimi Code error reference';
/** Also said by gateways that stand before it. */
const CODE = ['coding', 'compatible'] as const;

const USED_UP = {
  on: CODE,
  means: 'quota_exhausted',
  blame: 'account',
  action: 'await_quota',
  source: REFERENCE,
} as const;

const KEYS = {
  en: 'Keys of Kimi Code begin with sk-kimi- and come from https://www.kimi.com/code/console (mainland) or https://www.kimi.ai/code/console (global); those of the other region and of the open platform do not work here.',
  zh: 'Kimi Code 的密钥以 sk-kimi- 开头，来自 https://www.kimi.com/code/console（大陆）或 https://www.kimi.ai/code/console（海外）；另一区域或开放平台的密钥在此无效。',
};

/** What the coding subscription says: one status has several meanings there, most of them without a type. */
export const CODING: readonly Refusal[] = [
  {
    id: 'code-client',
    on: CODE,
    status: [403],
    type: 'access_terminated_error',
    says: /^Kimi For Coding is currently only available for Coding Agents/,
    observed: [
      'Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code, Kilo Code, etc.',
    ],
    means: 'client_refused',
    blame: 'client',
    action: 'other_surface',
    cause: {
      en: 'the OpenAI face admits only coding agents that the vendor knows',
      zh: 'OpenAI 协议面只放行厂商认可的编码客户端',
    },
    advice: {
      en: 'The OpenAI face of Kimi Code admits only coding agents that the vendor knows. Set `face: anthropic` for the surface: that face needs no approval (`face: auto` takes it by itself). Or call with an agent that the vendor lists; or set `user_agent_version`, whose risk the documentation states.',
      zh: 'Kimi Code 的 OpenAI 协议面只放行厂商认可的编码客户端。请将该接入面设为 `face: anthropic`：该协议面无需审批（`face: auto` 会自动选用）。也可使用厂商列出的客户端，或设置 `user_agent_version`（风险见文档）。',
    },
    source: `${REFERENCE}; openclaw/openclaw #42499`,
  },
  {
    id: 'code-terminated',
    on: CODE,
    status: [403],
    type: 'access_terminated_error',
    says: /^Access terminated\b/,
    observed: ['Access terminated. Review our Community Guidelines for more information.'],
    means: 'account_terminated',
    blame: 'account',
    action: 'close',
    cause: { en: 'the vendor has closed the account', zh: '账号已被厂商终止' },
    advice: {
      en: 'Only the vendor can open it again. Take the credential out.',
      zh: '只有厂商能恢复该账号。请移除该凭据。',
    },
    source: `${REFERENCE}; clacky-ai/openclacky #192`,
  },
  {
    ...USED_UP,
    id: 'code-weekly',
    status: [403],
    says: /^You've reached your usage limit for this billing cycle/,
    observed: [
      "You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle.",
    ],
    cause: { en: 'the weekly quota is used up; it is no ban', zh: '本周额度已用完；并非封号' },
    advice: {
      en: 'Wait until the quota begins anew with the week (`moongate credentials list` shows when), or add a credential of another account.',
      zh: '请等待下一周期（`moongate credentials list` 可查看时间），或添加其他账号的凭据。',
    },
    source: `${REFERENCE}; Wei-Shaw/sub2api #7340`,
  },
  {
    id: 'code-concurrency',
    on: CODE,
    status: [403],
    type: 'permission_error',
    says: /^You've reached your concurrent request limit/,
    observed: [
      "You've reached your concurrent request limit. Please wait for your ongoing requests to finish and try again.",
    ],
    means: 'concurrency_limited',
    blame: 'organisation',
    action: 'fewer_at_once',
    cause: { en: 'too many requests at once; it is no ban', zh: '并发请求过多；并非封号' },
    advice: {
      en: 'Wait for running requests to end, or lower `concurrency` of the surface.',
      zh: '请等待进行中的请求结束，或调低该接入面的 `concurrency`。',
    },
    source: `${REFERENCE}; Wei-Shaw/sub2api #6203`,
  },
  {
    ...USED_UP,
    id: 'code-membership',
    status: [402],
    says: /^We're unable to verify your membership benefits/,
    observed: [
      "We're unable to verify your membership benefits at this time. Please ensure your membership is active.",
    ],
    cause: { en: 'the membership could not be verified', zh: '会员权益无法验证' },
    advice: {
      en: 'See whether the membership is active: https://www.kimi.com/code/console, or https://www.kimi.ai/code/console.',
      zh: '请确认会员有效：https://www.kimi.com/code/console 或 https://www.kimi.ai/code/console。',
    },
  },
  {
    ...USED_UP,
    id: 'code-window',
    status: [429],
    says: /^You've reached your usage limit for this period/,
    observed: [
      "You've reached your usage limit for this period. Your quota will be refreshed in the next period. Upgrade to get more: …",
    ],
    cause: { en: 'the five hours’ quota is used up', zh: '5 小时额度已用完' },
    advice: {
      en: 'Wait until the quota begins anew (`moongate credentials list` shows when), or add a credential of another account.',
      zh: '请等待额度重置（`moongate credentials list` 可查看时间），或添加其他账号的凭据。',
    },
  },
  {
    ...USED_UP,
    id: 'code-monthly',
    status: [429],
    says: /^You've reached kimi monthly usage limit/,
    observed: ["You've reached kimi monthly usage limit for this billing cycle."],
    cause: {
      en: 'the monthly limit, shared with the other benefits of the membership, is used up',
      zh: '与其他会员权益共用的月度额度已用完',
    },
    advice: {
      en: 'Wait until the quota begins anew with the month, or add a credential of another account.',
      zh: '请等待下一个月度周期，或添加其他账号的凭据。',
    },
  },
  {
    id: 'code-busy',
    on: CODE,
    status: [429],
    type: 'rate_limit_reached_error',
    says: /^We're receiving too many requests at the moment/,
    observed: ["We're receiving too many requests at the moment. Please wait a moment and try again."],
    means: 'rate_limited',
    blame: 'organisation',
    action: 'slow_down',
    cause: { en: 'too many requests in a short time', zh: '短时间内请求过多' },
    source: REFERENCE,
  },
  {
    id: 'code-overloaded',
    on: CODE,
    status: [429],
    type: 'rate_limit_error',
    says: /^The engine is currently overloaded/,
    observed: ['The engine is currently overloaded, please try again later'],
    means: 'overloaded',
    blame: 'engine',
    action: 'try_again',
    cause: {
      en: 'the engine has no room; a limit of the plan, and an effort that the model lacks, were told so too',
      zh: '引擎过载；套餐限速或模型不支持的思考强度也曾以此提示',
    },
    advice: { en: 'Try again in a moment; a higher tier is served first.', zh: '请稍后再试；等级高的账号优先。' },
    source: `${REFERENCE}; pawwork #740; MoonshotAI/kimi-code #1252`,
  },
  {
    id: 'code-wrong-key',
    on: ['coding'],
    status: [401],
    observed: [
      'The API Key appears to be invalid or may have expired. Please verify your credentials and try again.',
      'Invalid Authentication',
    ],
    means: 'upstream_auth',
    blame: 'account',
    action: 'prove',
    cause: {
      en: 'a key that is wrong, expired, or of another account system',
      zh: '密钥错误、过期，或属于另一套账号体系',
    },
    advice: KEYS,
    source: REFERENCE,
  },
];
