import type { Refusal } from './refusal.ts';

/** www.kimi.com/code/docs/en/kimi-code/error-reference.html, as read in August 2026. */
const REFERENCE = 'Kimi Code error reference';
/** Also said by gateways that stand before it. */
const CODE = ['coding', 'compatible'] as const;

const NO_ACCESS = {
  on: CODE,
  type: 'invalid_request_error',
  means: 'upstream_model_not_found',
  blame: 'account',
  action: 'other_model',
  source: REFERENCE,
} as const;

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
      en: 'Wait until the week begins anew (`moongate credentials list` shows when), or add a credential of another account.',
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
      en: 'Wait until the month begins anew, or add a credential of another account.',
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
    ...NO_ACCESS,
    id: 'code-no-access',
    status: [400, 403],
    says: /^Your current subscription does not have access to /,
    observed: ['Your current subscription does not have access to k3'],
    cause: { en: 'the plan does not include the model', zh: '套餐不包含该模型' },
    advice: {
      en: 'Choose a model of the plan (GET /v1/models), or upgrade it.',
      zh: '请选择套餐内的模型（GET /v1/models）或升级套餐。',
    },
  },
  {
    ...NO_ACCESS,
    id: 'code-window-of-plan',
    status: [400, 403],
    says: /^Your current plan supports only /,
    observed: ['Your current plan supports only kimi-k3 up to 256K context'],
    cause: { en: 'the plan includes the model with a smaller window', zh: '套餐只包含较小窗口的该模型' },
    advice: { en: 'Ask for k3-256k, or upgrade the plan.', zh: '请改用 k3-256k 或升级套餐。' },
  },
  {
    ...NO_ACCESS,
    id: 'code-no-model',
    status: [400],
    says: /^Your model id does not exist/,
    observed: ['Your model id does not exist'],
    cause: { en: 'an id that the surface does not know', zh: '该接入面不认识此模型 ID' },
    advice: {
      en: 'GET /v1/models lists what the configured credentials can use.',
      zh: '用 GET /v1/models 查看当前凭据可用的模型。',
    },
  },
  {
    id: 'code-too-large',
    on: CODE,
    status: [400],
    type: 'invalid_request_error',
    says: /^total message size \d+ exceeds limit \d+/,
    observed: ['total message size 5943865 exceeds limit 2097152'],
    means: 'upstream_too_large',
    blame: 'request',
    action: 'other_surface',
    cause: { en: 'messages beyond two MiB', zh: '消息总大小超过 2 MiB' },
    advice: {
      en: 'Shorten the history or shrink its images, or serve this model from another surface.',
      zh: '请缩短历史或压缩图片，或让其他接入面服务该模型。',
    },
    source: REFERENCE,
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
  {
    id: 'fetch-security',
    on: ['coding'],
    status: [403],
    type: 'security_risk',
    observed: ['the url is not allowed'],
    means: 'upstream_refused',
    blame: 'request',
    action: 'give_up',
    cause: { en: 'the page reader does not open this address', zh: '网页读取服务拒绝该地址' },
    source: `${REFERENCE}, /fetch`,
  },
  {
    id: 'fetch-url',
    on: ['coding'],
    status: [400],
    type: 'invalid_url',
    observed: ['invalid url: …'],
    means: 'upstream_refused',
    blame: 'request',
    action: 'give_up',
    cause: { en: 'not an address that the page reader can open', zh: '网页读取服务无法识别该地址' },
    source: `${REFERENCE}, /fetch`,
  },
  {
    id: 'fetch-failed',
    on: ['coding'],
    status: [500],
    type: 'url2text',
    observed: ['url2text'],
    means: 'upstream_error',
    blame: 'engine',
    action: 'try_again',
    cause: { en: 'the page reader failed', zh: '网页读取服务出错' },
    source: `${REFERENCE}, /fetch`,
  },
];
