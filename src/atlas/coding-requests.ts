import type { Refusal } from './refusal.ts';

const REFERENCE = 'Kimi Code error reference';
const CODE = ['coding', 'compatible'] as const;

const NO_ACCESS = {
  on: CODE,
  type: 'invalid_request_error',
  means: 'upstream_model_not_found',
  blame: 'account',
  action: 'other_model',
  source: REFERENCE,
} as const;

/** What the coding subscription says of a request: its model, its size, the page that it wants to read. */
export const CODING_REQUESTS: readonly Refusal[] = [
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
