import type { Refusal, Words } from './refusal.ts';

const ON = ['web'] as const;
/** meutils' event samples (2024), LLM-Red-Team/kimi-free-api, a client for www.kimi.ai (2026), tests of `block.exception`. */
const CLIENTS = 'clients of the web chat, 2024 to 2026';
/** npm `@connectrpc/connect` 2.2.0. */
const CONNECT = 'the Connect protocol';

type Meaning = Pick<Refusal, 'means' | 'blame' | 'action' | 'waitMs' | 'advice'> & { readonly cause: Words };

const AUTH: Meaning = {
  means: 'upstream_auth',
  blame: 'account',
  action: 'prove',
  cause: { en: 'the token has expired or was voided', zh: '令牌已过期或已失效' },
  advice: {
    en: 'Log in at the web chat again and copy the token anew (docs/kimi-web.md).',
    zh: '请重新登录网页版并复制新的令牌（见 docs/kimi-web.md）。',
  },
};
const LOOK: Words = {
  en: 'Open the web chat in a browser and look what it says about the account.',
  zh: '请在浏览器中打开网页版，查看账号状态。',
};
const FLAGGED: Meaning = {
  means: 'account_terminated',
  blame: 'account',
  action: 'close',
  cause: { en: 'the vendor has flagged the account', zh: '账号被标记为异常' },
  advice: LOOK,
};
const FORBIDDEN: Meaning = {
  means: 'upstream_permission',
  blame: 'account',
  action: 'look_again',
  cause: { en: 'the account may not do this', zh: '账号无此权限' },
  advice: LOOK,
};
/** No Retry-After was seen on the web; a well-kept client rests for this long (chopper1026/kimi2api). */
const RATE: Meaning = {
  means: 'rate_limited',
  blame: 'account',
  action: 'slow_down',
  waitMs: 60_000,
  cause: { en: 'the account asks too often', zh: '账号请求过于频繁' },
};
/** The wait of LLM-Red-Team/kimi-free-api. */
const OVERLAP: Meaning = {
  ...RATE,
  waitMs: 5_000,
  cause: { en: 'another answer of the account is still being written', zh: '该账号的另一条回答尚未结束' },
};
const OVERLOAD: Meaning = {
  means: 'overloaded',
  blame: 'engine',
  action: 'try_again',
  cause: { en: 'the engine has no room', zh: '引擎过载' },
};
const FULL: Meaning = {
  means: 'context_length_exceeded',
  blame: 'request',
  action: 'give_up',
  cause: { en: 'the conversation is full', zh: '会话长度已满' },
  advice: { en: 'Begin a new conversation, or shorten the messages.', zh: '请开启新会话或缩短消息。' },
};
const FILTER: Meaning = {
  means: 'content_filter',
  blame: 'request',
  action: 'give_up',
  cause: { en: 'the vendor’s content filter', zh: '厂商的内容审核' },
};
const GONE: Meaning = {
  means: 'not_found',
  blame: 'request',
  action: 'give_up',
  cause: { en: 'the chat was deleted or is another account’s', zh: '会话已删除或属于其他账号' },
  advice: {
    en: 'The chat was deleted, or belongs to another account. Begin a new conversation.',
    zh: '会话已被删除或属于其他账号，请开启新会话。',
  },
};
const BAD: Meaning = {
  means: 'upstream_refused',
  blame: 'request',
  action: 'repair',
  cause: { en: 'the server did not understand the request', zh: '服务端无法理解请求' },
};
const FAILURE: Meaning = {
  means: 'upstream_error',
  blame: 'engine',
  action: 'try_again',
  cause: { en: 'the web chat failed', zh: '网页版服务故障' },
};

const reason = (id: string, type: string | RegExp, meaning: Meaning, observed = ''): Refusal => ({
  ...meaning,
  ...{ id: `web-${id}`, on: ON, type, observed: observed === '' ? [] : [observed], source: CLIENTS },
});
const connect = (code: string, meaning: Meaning): Refusal => ({
  ...meaning,
  ...{ id: `connect-${code.replaceAll('_', '-')}`, on: ON, code, observed: [], source: CONNECT },
});
const status = (number: number, meaning: Meaning): Refusal => ({
  ...meaning,
  ...{ id: `web-${number}`, on: ON, status: [number], observed: [], source: 'RFC 9110', guessed: true },
});

/**
 * What the web chat says. By identifier, never by words: a gateway that searched frames for "unauthenticated" refused
 * good streams whose prompt said it. Expressions stand for families whose exact names no source shows.
 */
export const WEB: readonly Refusal[] = [
  reason('token-invalid', 'auth.token.invalid', AUTH, '您的授权已过期，请重新登录'),
  reason('token-empty', 'auth.token.empty', AUTH, '匿名聊天使用次数超过限制'),
  reason('token-reason', 'REASON_INVALID_AUTH_TOKEN', AUTH),
  reason('flagged', 'auth.account_abnormal', FLAGGED, '账号异常'),
  reason('flagged-family', /account_abnormal|account_banned/i, FLAGGED),
  reason('forbidden', 'chat.forbidden', FORBIDDEN, '此会话已被禁用'),
  reason('forbidden-family', /chat[._]forbidden/i, FORBIDDEN),
  reason('overlap', 'chat.user_stream_pushing', OVERLAP, '发送频率过高'),
  reason('overlap-family', /user_stream_pushing/i, OVERLAP),
  reason('overload', 'openai.completion.stream', OVERLOAD, 'Kimi 现在有点累了，晚点再来问问我吧'),
  reason('overload-reason', 'REASON_COMPLETION_OVERLOADED', OVERLOAD),
  reason('overload-family', /overloaded/i, OVERLOAD),
  reason('full', 'openai.completion.token_length_too_long', FULL, '对话长度超过 20 万字，请开启新的会话'),
  reason('full-family', /token_length_too_long|context_length/i, FULL),
  reason('model-limit', /model_rate_limit/i, RATE, '当前模型使用次数已达上限'),
  reason('limit-family', /rate_limit/i, RATE),
  reason(
    'research',
    /research_quota/i,
    {
      ...RATE,
      action: 'other_model',
      means: 'upstream_model_not_found',
      cause: { en: 'no research turn is left', zh: '深度研究次数已用完' },
    },
    '深度研究次数已用完',
  ),
  reason('filter', /content_?filter|sensitive|compliance/i, FILTER, '尊敬的用户您好，让我们换个话题再聊聊吧'),
  reason('gone', /chat[._]not_(found|exist)/i, GONE, '这个会话不存在'),
  reason('bad', /^(reason_)?invalid_argument$/i, BAD, '找不到对应的KimiPlus'),
  reason('broken', /^(reason_)?internal$/i, FAILURE, '服务内部错误'),
  connect('invalid_argument', BAD),
  connect('failed_precondition', BAD),
  connect('out_of_range', BAD),
  connect('unauthenticated', AUTH),
  connect('permission_denied', FORBIDDEN),
  connect('not_found', GONE),
  connect('aborted', OVERLAP),
  connect('already_exists', RATE),
  connect('resource_exhausted', RATE),
  connect('unavailable', OVERLOAD),
  connect('unimplemented', FAILURE),
  connect('internal', FAILURE),
  connect('unknown', FAILURE),
  connect('data_loss', FAILURE),
  connect('deadline_exceeded', FAILURE),
  connect('canceled', FAILURE),
  status(400, BAD),
  status(401, AUTH),
  status(403, FORBIDDEN),
  status(404, GONE),
  status(413, {
    means: 'upstream_too_large',
    blame: 'request',
    action: 'other_surface',
    cause: { en: 'the prompt is larger than the web chat takes', zh: '提示词超过网页版上限' },
  }),
  status(422, BAD),
  status(429, RATE),
];
