/** How one failure is told in each of the two protocols. */
export interface WebFaultRow {
  /** The `error_type` of the older protocol. */
  readonly type: string;
  /** The Connect code and the reason inside its details. */
  readonly code: string;
  readonly reason: string;
  readonly message: string;
  readonly status: number;
}

const row = (type: string, code: string, reason: string, status: number, message: string): WebFaultRow => ({
  ...{ type, code, reason, status, message },
});

/**
 * Failures by name. Types and sentences are as published where there was a source (meutils, kimi-free-api and its issues, a
 * client for www.kimi.ai, tests of `block.exception`); `filter`, `overlap` in Connect and most HTTP statuses are ours.
 */
export const WEB_FAULTS = {
  expired: row('auth.token.invalid', 'unauthenticated', 'REASON_INVALID_AUTH_TOKEN', 401, '您的授权已过期，请重新登录'),
  flagged: row('auth.account_abnormal', 'permission_denied', 'REASON_ACCOUNT_ABNORMAL', 403, '账号异常'),
  forbidden: row('chat.forbidden', 'permission_denied', 'REASON_CHAT_FORBIDDEN', 403, '此会话已被禁用'),
  anonymous: row('auth.token.empty', 'unauthenticated', 'REASON_INVALID_AUTH_TOKEN', 401, '匿名聊天使用次数超过限制'),
  overlap: row('chat.user_stream_pushing', 'aborted', 'REASON_USER_STREAM_PUSHING', 400, '发送频率过高'),
  overload: row(
    'openai.completion.stream',
    'unavailable',
    'REASON_COMPLETION_OVERLOADED',
    503,
    'Kimi 现在有点累了，晚点再来问问我吧',
  ),
  full: row(
    'openai.completion.token_length_too_long',
    'invalid_argument',
    'REASON_TOKEN_LENGTH_TOO_LONG',
    400,
    '对话长度超过 20 万字，请开启新的会话',
  ),
  filter: row(
    'chat.content_filter',
    'invalid_argument',
    'REASON_CONTENT_FILTER',
    400,
    '尊敬的用户您好，让我们换个话题再聊聊吧',
  ),
  'model-limit': row(
    'chat.model_rate_limit',
    'resource_exhausted',
    'MODEL_RATE_LIMIT',
    429,
    '当前模型使用次数已达上限',
  ),
  research: row('chat.research_quota', 'resource_exhausted', 'REASON_RESEARCH_QUOTA', 429, '深度研究次数已用完'),
  gone: row('chat.not_found', 'not_found', 'REASON_CHAT_NOT_FOUND', 404, '这个会话不存在'),
  bad: row('invalid_argument', 'invalid_argument', 'REASON_INVALID_ARGUMENT', 400, '找不到对应的KimiPlus'),
  broken: row('internal', 'internal', 'REASON_INTERNAL', 500, '服务内部错误'),
} as const satisfies Record<string, WebFaultRow>;

export type WebFaultName = keyof typeof WEB_FAULTS;

export const WEB_FAULT_NAMES = Object.keys(WEB_FAULTS) as readonly WebFaultName[];

export function isWebFaultName(name: string): name is WebFaultName {
  return Object.hasOwn(WEB_FAULTS, name);
}

/** A failure told instead of an answer, in the words of whichever protocol was spoken. */
export class WebFault extends Error {
  override readonly name = 'WebFault';
  readonly row: WebFaultRow;

  constructor(fault: WebFaultName) {
    super(WEB_FAULTS[fault].message);
    this.row = WEB_FAULTS[fault];
  }
}

export const classicError = ({ type, message }: WebFaultRow): Record<string, string> => ({
  error_type: type,
  message,
});

export function connectError({ code, reason, message }: WebFaultRow): Record<string, unknown> {
  return { code, details: [{ debug: { reason, localizedMessage: { locale: 'zh-CN', message } } }] };
}
